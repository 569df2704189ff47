extension PixelGlyph {
    /// The glyph of a character, or nil.
    static func of(_ scalar: Unicode.Scalar) -> PixelGlyph? {
        scalar.value <= 0xFFFF
            ? HexGlyphs.installed?.glyph(scalar.value) : OutlineGlyphs.installed?.glyph(scalar.value)
    }
}

public import ClipriseCatalog
internal import ClipriseWire

extension Catalog {
    /// A hash of the models' files, byte for byte: two catalogues with the same hash give the same answers.
    ///
    /// The same on every machine. Bundles keep it, and the admin API and `--version` show it.
    public var contentHash: UInt64 {
        sources.reduce(0) { hash, file in Draw.mix(hash, file.withUnsafeBytes(FileHash.of)) }
    }
}

/// The colours of one picture, one for each `Card.Ink`.
struct Palette {
    struct Colour: Equatable {
        var red: UInt8
        var green: UInt8
        var blue: UInt8
        var alpha: UInt8 = 255

        /// BT.709 in studio range, which is what the video announces.
        var studio: (luma: UInt8, blueness: UInt8, redness: UInt8) {
            let red = Int(red)
            let green = Int(green)
            let blue = Int(blue)
            // The matrix of BT.709 scaled by 65,536 and by 219/255 or 224/255.
            let luma = (11966 * red + 40254 * green + 4064 * blue + 32768) >> 16
            let blueness = (-6596 * red - 22189 * green + 28785 * blue + 32768) >> 16
            let redness = (28785 * red - 26145 * green - 2640 * blue + 32768) >> 16
            return (UInt8(16 + luma), UInt8(128 + blueness), UInt8(128 + redness))
        }

        /// This colour with `part` of 256 parts of another.
        func mixed(with other: Colour, part: Int) -> Colour {
            func mix(_ own: UInt8, _ other: UInt8) -> UInt8 {
                UInt8((Int(own) * (256 - part) + Int(other) * part) >> 8)
            }
            return Colour(
                red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue), alpha: alpha)
        }
    }

    private(set) var colours: [Colour]

    /// Chooses colours by a seed; with a transparent background all others stay opaque.
    init(seed: UInt64, isTransparent: Bool) {
        var seeds = SeedStream(seed: seed)
        let pure = Self.pure(hue: seeds.next(below: 1536))
        let grey = Colour(red: 112, green: 120, blue: 136)
        let dark = Colour(red: 22, green: 24, blue: 30)
        let white = Colour(red: 248, green: 249, blue: 251)
        let base = grey.mixed(with: pure, part: 120)
        let background =
            isTransparent ? Colour(red: 0, green: 0, blue: 0, alpha: 0) : base.mixed(with: dark, part: 64)
        colours = [
            background, dark, white, Colour(red: 170, green: 178, blue: 192),
            base.mixed(with: white, part: 128), base.mixed(with: dark, part: 130),
            Colour(red: 191, green: 191, blue: 191), Colour(red: 191, green: 191, blue: 0),
            Colour(red: 0, green: 191, blue: 191), Colour(red: 0, green: 191, blue: 0),
            Colour(red: 191, green: 0, blue: 191), Colour(red: 191, green: 0, blue: 0),
            Colour(red: 0, green: 0, blue: 191),
        ]
    }

    subscript(ink: UInt8) -> Colour { colours[Int(ink)] }

    /// A fully saturated colour; `hue` goes once round the circle in 0..<1536.
    private static func pure(hue: Int) -> Colour {
        let rising = UInt8(hue & 255)
        let falling = 255 - rising
        return switch hue >> 8 {
        case 0: Colour(red: 255, green: rising, blue: 0)
        case 1: Colour(red: falling, green: 255, blue: 0)
        case 2: Colour(red: 0, green: 255, blue: rising)
        case 3: Colour(red: 0, green: falling, blue: 255)
        case 4: Colour(red: rising, green: 0, blue: 255)
        default: Colour(red: 255, green: 0, blue: falling)
        }
    }
}

/// Finds the word that was probably meant.
public enum Spelling {
    /// The candidate nearest to `word`, when one is near enough to be meant.
    ///
    /// Near enough: at most a third of the longer word's letters inserted, removed, changed or swapped, compared
    /// without case. Of equally near ones the first.
    public static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        Words(candidates).nearest(to: word)
    }

    /// Asks whether the nearest candidate was meant: `; did you mean "name"?`; empty when none is near enough.
    ///
    /// - Parameter opening: The first word with what parts it from the text before.
    public static func hint(
        for word: String, in candidates: some Sequence<String>, _ opening: String = "; did"
    ) -> String {
        nearest(to: word, in: candidates).map { "\(opening) you mean \"\($0)\"?" } ?? ""
    }

    /// Words to choose from, prepared once for many questions: whoever asks for what there is not, may ask often.
    public struct Words: Sendable {
        private let words: [String]
        private let folded: [Folded]
        /// Those of `folded`, short words first, each with the word's position.
        private let sketches: [(sketch: Sketch, position: Int)]
        /// The first letters of the words in order, each with the word's position.
        private let alphabet: [(beginning: UInt64, position: Int)]

        public init(_ words: some Sequence<String>) {
            self.words = Array(words)
            let folded = self.words.map(Folded.init)
            self.folded = folded
            sketches = folded.indices.map { (folded[$0].sketch, $0) }
                .sorted { ($0.sketch.count, $0.position) < ($1.sketch.count, $1.position) }
            alphabet = folded.indices.map { (folded[$0].sketch.beginning, $0) }
                .sorted { ($0.beginning, $0.position) < ($1.beginning, $1.position) }
        }

        public subscript(position: Int) -> String { words[position] }

        /// As `Spelling.nearest(to:in:)`.
        public func nearest(to word: String) -> String? {
            var word = word
            return word.withUTF8 { position(nearestTo: $0) }.map { words[$0] }
        }

        /// The 0-based position of the word nearest to one in UTF-8, when one is near enough to be meant.
        public func position(nearestTo word: UnsafeBufferPointer<UInt8>) -> Int? {
            Pattern.takes(word)
                ? position(nearestTo: Pattern(word))
                : position(nearestTo: Pattern(Folded(String(decoding: word, as: UTF8.self))))
        }

        /// The places in `alphabet` before and behind a word that begins like this.
        private func neighbours(of beginning: UInt64) -> Range<Int> {
            var (low, high) = (0, alphabet.count)
            while low < high {
                let middle = (low &+ high) / 2
                if alphabet[middle].beginning < beginning { low = middle &+ 1 } else { high = middle }
            }
            return max(0, low &- 1)..<min(low &+ 1, alphabet.count)
        }

        private func position(nearestTo pattern: borrowing Pattern) -> Int? {
            let wanted = pattern.sketch
            var (best, reach): ((distance: Int, position: Int)?, Int) = (nil, wanted.reach)
            func consider(_ position: Int, _ sketch: Sketch) {
                var limit = wanted.limit(for: sketch)
                if let best { limit = min(limit, position < best.position ? best.distance : best.distance &- 1) }
                // What is farther off than the difference of the letters allows need not be compared.
                guard wanted.mayBeNear(sketch, limit) else { return }
                let distance = pattern.distance(to: folded[position].letters)
                if distance <= limit { (best, reach) = ((distance, position), distance) }
            }
            // First those beside it in the alphabet: one that begins alike is near, and rules out most of the others.
            for place in neighbours(of: wanted.beginning) {
                let position = alphabet[place].position
                consider(position, folded[position].sketch)
            }
            for (sketch, position) in sketches where sketch.count >= wanted.count &- reach {
                guard sketch.count <= wanted.count &+ reach else { break }
                // Quicker to ask than what this very word allows, and nearly always the end of it.
                guard wanted.isAlike(sketch, reach), position != best?.position else { continue }
                consider(position, sketch)
            }
            return best?.position
        }
    }
}

/// A word in lower case.
private struct Folded: Sendable {
    let letters: [Unicode.Scalar]
    let sketch: Sketch

    init(_ word: String) {
        letters = Array(word.lowercased().unicodeScalars)
        sketch = Sketch(letters)
    }
}

/// What rules out most of the words that are not meant.
private struct Sketch: Sendable {
    private(set) var count = 0
    /// A bit for each sort of letter that is there, and 32 above it one for each that is there twice or more; letters of
    /// the same low five bits are of one sort.
    private var sorts: UInt64 = 0
    /// The low bytes of the first eight letters, the first one highest.
    private(set) var beginning: UInt64 = 0

    init() {}

    init(_ letters: [Unicode.Scalar]) {
        for letter in letters { add(letter.value) }
    }

    @inline(__always) mutating func add(_ letter: UInt32) {
        if count < 8 { beginning |= UInt64(letter & 0xFF) &<< UInt64(56 &- 8 &* count) }
        count += 1
        let once: UInt64 = 1 &<< UInt64(letter & 31)
        sorts |= sorts & once == 0 ? once : once << 32
    }

    /// The most edits between this word and another one that is meant by it.
    @inline(__always) func limit(for other: Sketch) -> Int { max(1, max(count, other.count) / 3) }

    /// The most edits between this word and any other one that is meant by it, which is at most half as long again.
    var reach: Int { max(1, count / 2) }

    /// Whether at most this many edits may do: an edit adds one letter, takes one, or does both.
    @inline(__always) func mayBeNear(_ other: Sketch, _ limit: Int) -> Bool {
        abs(count &- other.count) <= limit && isAlike(other, limit)
    }

    /// Whether each of two words has at most this many letters that the other one has not.
    @inline(__always) func isAlike(_ other: Sketch, _ limit: Int) -> Bool {
        var (mine, theirs) = (sorts & ~other.sorts, other.sorts & ~sorts)
        for _ in 0..<min(limit, 64) {
            // Takes the lowest of the bits, if there are any.
            mine &= mine &- 1
            theirs &= theirs &- 1
        }
        return mine | theirs == 0
    }
}

/// A word that others are compared with, by the number of edits, a swap of neighbours counted as one (optimal string
/// alignment).
private struct Pattern: ~Copyable {
    /// The longest word whose places are bits of a number.
    private static let bitLimit = 64

    private(set) var sketch = Sketch()
    private var count = 0
    /// For each letter of ASCII the places where it stands, as bits; not used for a word of more than 64 letters.
    private var places = InlineArray<128, UInt64>(repeating: 0)
    /// The letters; empty for a word of at most 64 that are all of ASCII.
    private var letters: [Unicode.Scalar] = []

    /// A word in lower case.
    init(_ word: Folded) {
        (sketch, letters) = (word.sketch, word.letters)
        count = letters.count
        guard count <= Self.bitLimit else { return }
        for (place, letter) in letters.enumerated() where letter.isASCII {
            places[Int(letter.value)] |= 1 &<< UInt64(place)
        }
    }

    /// Whether a word has at most 64 letters, all of ASCII.
    static func takes(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        word.count <= bitLimit && word.allSatisfy { $0 < 0x80 }
    }

    /// - Parameter word: One that it `takes`.
    init(_ word: UnsafeBufferPointer<UInt8>) {
        for byte in word {
            let letter = byte.asciiLowercased
            sketch.add(UInt32(letter))
            places[Int(letter)] |= 1 &<< UInt64(count)
            count += 1
        }
    }

    func distance(to other: [Unicode.Scalar]) -> Int {
        (1...Self.bitLimit).contains(count) ? distanceByBits(to: other) : distanceByTable(to: other)
    }

    /// Works out a column of the table at a time, kept as two words of bits.
    ///
    /// They say where neighbours differ by +1 and by -1 (Hyyrö, "A bit-vector algorithm for computing Levenshtein and
    /// Damerau edit distances", 2003).
    private func distanceByBits(to other: [Unicode.Scalar]) -> Int {
        // The table itself would be copied at each look.
        let table = places.span
        let last: UInt64 = 1 &<< UInt64(count - 1)
        var (isMore, isLess) = (UInt64.max, UInt64(0))
        var (isDiagonal, placesBefore) = (UInt64(0), UInt64(0))
        var distance = count
        for letter in other {
            let places = letter.isASCII ? table[Int(letter.value)] : places(ofOther: letter)
            let isSwap = ((~isDiagonal & places) << 1) & placesBefore
            isDiagonal = (((places & isMore) &+ isMore) ^ isMore) | places | isLess | isSwap
            var goesUp = isLess | ~(isDiagonal | isMore)
            var goesDown = isDiagonal & isMore
            if goesUp & last != 0 { distance += 1 }
            if goesDown & last != 0 { distance -= 1 }
            goesUp = goesUp << 1 | 1
            goesDown <<= 1
            isMore = goesDown | ~(isDiagonal | goesUp)
            isLess = goesUp & isDiagonal
            placesBefore = places
        }
        return distance
    }

    private func places(ofOther letter: Unicode.Scalar) -> UInt64 {
        var found: UInt64 = 0
        for (place, mine) in letters.enumerated() where mine == letter { found |= 1 << UInt64(place) }
        return found
    }

    /// For words of any length.
    private func distanceByTable(to other: [Unicode.Scalar]) -> Int {
        // Three rows of the table, which take turns.
        var beforePrevious = Array(repeating: 0, count: other.count + 1)
        var previous = Array(0...other.count)
        var current = beforePrevious
        for row in letters.indices {
            current[0] = row + 1
            for column in other.indices {
                let change = previous[column] + (letters[row] == other[column] ? 0 : 1)
                var edits = min(change, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letters[row] == other[column - 1], letters[row - 1] == other[column] {
                    edits = min(edits, beforePrevious[column - 1] + 1)
                }
                current[column + 1] = edits
            }
            (beforePrevious, previous, current) = (previous, current, beforePrevious)
        }
        return previous[other.count]
    }
}

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
        /// Those of `folded`, side by side.
        private let sketches: [Sketch]

        public init(_ words: some Sequence<String>) {
            self.words = Array(words)
            folded = self.words.map(Folded.init)
            sketches = folded.map(\.sketch)
        }

        /// As `Spelling.nearest(to:in:)`.
        public func nearest(to word: String) -> String? {
            let folded = Folded(word)
            let wanted = folded.sketch
            // What is farther off than the difference of the letters allows need not be compared. The one that looks
            // nearest comes first, since it rules out most of the others.
            var bounds = [Int](repeating: Sketch.farOff, count: sketches.count)
            var (first, leastBound) = (-1, Sketch.farOff)
            bounds.withUnsafeMutableBufferPointer { bounds in
                for index in bounds.indices {
                    let bound = wanted.leastDistance(to: sketches[index])
                    bounds[index] = bound
                    if bound < leastBound { (first, leastBound) = (index, bound) }
                }
            }
            guard first >= 0 else { return nil }
            let pattern = Pattern(folded)
            var best: (distance: Int, index: Int)?
            func consider(_ index: Int) {
                let bound = bounds[index]
                if let best, bound > best.distance || bound == best.distance && index > best.index { return }
                guard bound != Sketch.farOff else { return }
                let distance = pattern.distance(to: self.folded[index])
                guard distance <= wanted.limit(for: sketches[index]) else { return }
                if let best, distance > best.distance || distance == best.distance && index > best.index { return }
                best = (distance, index)
            }
            consider(first)
            for index in sketches.indices where index != first { consider(index) }
            return best.map { words[$0.index] }
        }
    }
}

/// A word in lower case.
private struct Folded: Sendable {
    let letters: [Unicode.Scalar]
    let sketch: Sketch

    init(_ word: String) {
        letters = Self.ascii(word) ?? Array(word.lowercased().unicodeScalars)
        sketch = Sketch(letters)
    }

    /// The letters of a word that has no others than those of ASCII; nil of another one.
    private static func ascii(_ word: String) -> [Unicode.Scalar]? {
        let letters = word.utf8.withContiguousStorageIfAvailable { bytes -> [Unicode.Scalar]? in
            guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
            // An array without room is one that all threads share, and this initializer writes its count into it.
            guard !bytes.isEmpty else { return [] }
            return [Unicode.Scalar](unsafeUninitializedCapacity: bytes.count) { letters, count in
                for byte in bytes {
                    let isUpper = byte &- UInt8(ascii: "A") < 26
                    letters.initializeElement(at: count, to: Unicode.Scalar(isUpper ? byte | 0x20 : byte))
                    count += 1
                }
            }
        }
        return letters ?? nil
    }
}

/// What rules out most of the words that are not meant.
private struct Sketch: Sendable {
    private let count: Int
    /// A bit for each sort of letter that is there, and 32 above it one for each that is there twice or more; letters of
    /// the same low five bits are of one sort.
    private var sorts: UInt64 = 0

    init(_ letters: [Unicode.Scalar]) {
        count = letters.count
        for letter in letters {
            let once: UInt64 = 1 << UInt64(letter.value & 31)
            sorts |= sorts & once == 0 ? once : once << 32
        }
    }

    /// The most edits between this word and another one that is meant by it.
    func limit(for other: Sketch) -> Int { max(1, max(count, other.count) / 3) }

    /// More edits than any word that is meant can be away.
    static let farOff = Int.max

    /// The number of edits is never less: an edit adds one letter, takes one, or does both.
    ///
    /// - Returns: `farOff` beyond the limit.
    func leastDistance(to other: Sketch) -> Int {
        let limit = limit(for: other)
        let difference = abs(count &- other.count)
        guard difference <= limit else { return Self.farOff }
        let (mine, theirs) = (sorts & ~other.sorts, other.sorts & ~sorts)
        let bound = max(difference, mine.nonzeroBitCount, theirs.nonzeroBitCount)
        return bound <= limit ? bound : Self.farOff
    }
}

/// A word that others are compared with, by the number of edits, a swap of neighbours counted as one (optimal string
/// alignment).
private struct Pattern {
    private let word: Folded
    /// For each letter of ASCII the places where it stands, as bits; empty for a word of more than 64 letters.
    private var places: [UInt64] = []

    init(_ word: Folded) {
        self.word = word
        guard (1...64).contains(word.letters.count) else { return }
        places = Array(repeating: 0, count: 128)
        for (place, letter) in word.letters.enumerated() where letter.isASCII {
            places[Int(letter.value)] |= 1 << UInt64(place)
        }
    }

    func distance(to other: Folded) -> Int {
        places.isEmpty ? distanceByTable(to: other.letters) : distanceByBits(to: other.letters)
    }

    /// Works out a column of the table at a time, kept as two words of bits.
    ///
    /// They say where neighbours differ by +1 and by -1 (Hyyrö, "A bit-vector algorithm for computing Levenshtein and
    /// Damerau edit distances", 2003).
    private func distanceByBits(to other: [Unicode.Scalar]) -> Int {
        let last: UInt64 = 1 << UInt64(word.letters.count - 1)
        var (isMore, isLess) = (UInt64.max, UInt64(0))
        var (isDiagonal, placesBefore) = (UInt64(0), UInt64(0))
        var distance = word.letters.count
        for letter in other {
            let places = places(of: letter)
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

    private func places(of letter: Unicode.Scalar) -> UInt64 {
        if letter.isASCII { return places[Int(letter.value)] }
        var found: UInt64 = 0
        for (place, mine) in word.letters.enumerated() where mine == letter { found |= 1 << UInt64(place) }
        return found
    }

    /// For words of any length.
    private func distanceByTable(to other: [Unicode.Scalar]) -> Int {
        // Three rows of the table, which take turns.
        var beforePrevious = Array(repeating: 0, count: other.count + 1)
        var previous = Array(0...other.count)
        var current = beforePrevious
        let letters = word.letters
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

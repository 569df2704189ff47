/// Waits after equally many failures.
struct WaitGroup {
    /// Waits later in a row than this are taken as if they were this late.
    static let lastIndex = 40

    let index: Int
    var count = 0
    var least = Double.infinity
    var most = 0.0

    static func groups(_ samples: [WaitSample]) -> [WaitGroup] {
        var groups = (0...lastIndex).map { WaitGroup(index: $0) }
        for sample in samples {
            let index = min(sample.index, lastIndex)
            groups[index].count += 1
            groups[index].least = min(groups[index].least, sample.seconds)
            groups[index].most = max(groups[index].most, sample.seconds)
        }
        return groups.filter { $0.count > 0 }
    }
}

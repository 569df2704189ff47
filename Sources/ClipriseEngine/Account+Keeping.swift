public import ClipriseWire

extension Account {
    /// How many of its tasks were dropped.
    public var droppedTasks: Int { tasks.count - tasks.kept }

    /// How many of its tasks are there.
    public var keptTasks: Int { tasks.kept }

    public func hasTask(at position: Int) -> Bool { tasks.contains(position) }

    public func hasDropped(_ id: TaskID) -> Bool {
        guard let position = ids.position(of: id), position < tasks.count else { return false }
        return !tasks.contains(position)
    }

    /// The positions of a part of the tasks that are there, oldest first.
    ///
    /// - Parameter range: Within 0 to `keptTasks`.
    public func positions(_ range: Range<Int>) -> [Int] {
        let aside = tasks.asidePositions
        return range.map { $0 < aside.count ? aside[$0] : tasks.first + $0 - aside.count }
    }

    /// Lets the tasks go that ended and are not to be kept.
    ///
    /// A task that runs, or whose client is still to be called, is set aside and goes later.
    mutating func dropOldTasks() {
        guard let keeping else { return }
        let first = tasks.first
        while tasks.first < tasks.count, isOld(tasks.first, keeping) {
            let position = tasks.first
            if tasks[position].state == .processing || isStillToBeCalled(position) {
                tasks.setFirstAside()
                changes?.touch(position, isUrgent: false)
            } else {
                count(asDropped: position)
                tasks.dropFirst()
            }
        }
        if tasks.first != first { ledger.forgetEntries(beforeHoldOf: tasks.first) }
        while let position = tasks.endedAside.first {
            guard isOldAside(position, keeping), !isStillToBeCalled(position) else { break }
            _ = tasks.takeFirstEndedAside()
            count(asDropped: position)
            tasks.drop(aside: position)
            changes?.dropped.append(position)
        }
    }

    private func isOld(_ position: Int, _ keeping: TaskKeeping) -> Bool {
        switch keeping {
        case .newest(let count): return tasks.count - position > count
        case .since(let span):
            let task = tasks[position]
            return lastSeen.since(task.state == .processing ? task.acceptedAt : task.dueAt) > span
        }
    }

    private func isOldAside(_ position: Int, _ keeping: TaskKeeping) -> Bool {
        switch keeping {
        // Whoever waited long for a task has the time of so many others to fetch it.
        case .newest(let count): tasks.endedAside.count > count
        case .since(let span): lastSeen.since(tasks[position].dueAt) > span
        }
    }

    private func isStillToBeCalled(_ position: Int) -> Bool {
        callsUnderWay[position] != nil || world.callbacks.concerns(position)
    }

    private mutating func count(asDropped position: Int) {
        if case .failed = tasks[position].state { droppedFailed += 1 } else { droppedSucceeded += 1 }
        specials[position] = nil
        world.warned[position] = nil
    }

    /// Callbacks that the host was given, and has not reported yet.
    mutating func begin(_ jobs: [CallbackJob]) {
        guard keeping != nil else { return }
        for job in jobs { callsUnderWay[job.position, default: 0] += 1 }
    }

    mutating func end(_ job: CallbackJob) {
        guard let count = callsUnderWay[job.position] else { return }
        callsUnderWay[job.position] = count > 1 ? count - 1 : nil
    }
}

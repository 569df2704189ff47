internal import ArgumentParser
internal import ClipriseWire

extension Option where Value: FixedWidthInteger & Sendable {
    /// A whole number as `DecimalText` reads it, whose default stands in the help.
    init(wrappedValue: Value, whole help: ArgumentHelp) {
        self.init(wrappedValue: wrappedValue, help: help.with(default: wrappedValue), transform: DecimalText.readWhole)
    }
}

extension Option where Value == Double {
    /// A number as `DecimalText` reads it, whose default stands in the help.
    init(wrappedValue: Value, number help: ArgumentHelp) {
        self.init(wrappedValue: wrappedValue, help: help.with(default: wrappedValue), transform: DecimalText.readNumber)
    }
}

extension ArgumentHelp {
    fileprivate func with(default value: some CustomStringConvertible) -> ArgumentHelp {
        var help = self
        help.abstract += " (default: \(value))"
        return help
    }
}

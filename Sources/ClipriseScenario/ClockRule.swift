public import ClipriseWire

/// Where time comes from for each account of a scenario.
public enum ClockRule: Sendable, Hashable {
    case real
    /// Stands still until something moves it.
    ///
    /// `tickPerPoll` is the step that each status poll moves it, before the poll is answered; zero for none. `delays`
    /// says what a pause inside an answer does.
    case virtual(tickPerPoll: TimeSpan, delays: Delays)

    public enum Delays: String, Sendable, Hashable, CaseIterable {
        /// The answer waits until the clock was moved past it: for tests that move the clock themselves.
        case hold
        /// The pause moves the clock and the answer leaves at once: for clients that only wait for their answer.
        case pass
    }
}

// MARK: As written

extension Forms {
    static let clock = Choice<ClockRule>(
        what: "a clock",
        words: [.init("real", .real), .init("virtual", .virtual(tickPerPoll: .zero, delays: .hold))],
        object: .object("a clock") { fields in
            let mode = fields.required(
                "mode", Choice<Bool>(what: "a mode", words: [.init("real", false), .init("virtual", true)]).form,
                "Whether time runs by itself.")
            let tick = fields.optional("tick_per_poll", span, "How far each status poll moves a virtual clock.")
            let delays = fields.optional(
                "delays", word("delays", ClockRule.Delays.self),
                "What a pause inside an answer does: by default pass with tick_per_poll, hold without.")
            if mode == false, tick != nil || delays != nil {
                fields.fail("tick_per_poll and delays are for a virtual clock", atValueOf: "mode")
            }
            guard mode == true else { return mode.map { _ in .real } }
            return .virtual(tickPerPoll: tick ?? .zero, delays: delays ?? (tick == nil ? .hold : .pass))
        }
    ).form.writing { clock in
        guard case .virtual(let tick, let delays) = clock else { return JSONFragment.text("real") }
        return JSONFragment.object([
            ("mode", JSONFragment.text("virtual")), ("tick_per_poll", tick == .zero ? nil : JSONFragment.span(tick)),
            ("delays", JSONFragment.text(delays.rawValue)),
        ])
    }
}

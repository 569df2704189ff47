/// Why a simulation cannot be run.
public enum SimulationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The scenario, or a number beside it, makes no sense; every mistake with its place.
    case badScenario(String)
    /// All tasks wait, and none for virtual time: one waits for something outside, such as a real sleep.
    case stalled
    /// The text is no key.
    case badKey(String)
    /// There is an account with this key already.
    case keyTaken(String)
    /// Code under proof asked for something else after the same answers: its 1-based request, as it was, and
    /// as it was then.
    case notDeterministic(request: Int, was: String, became: String)
    /// There are more schedules than may be played: nothing is proved.
    case tooManySchedules(limit: Int)
    /// Code under proof went on asking, by the schedule that is named.
    case tooManyRequests(limit: Int, schedule: String)
    /// Code under proof had not ended after this many virtual hours, by the schedule that is named.
    case tooLong(hours: Int, schedule: String)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .badScenario(let reason): reason
        case .stalled:
            "nothing has moved for ten seconds: a task waits for something that is not of the simulation. Sleep by the "
                + "service's clock, and give unstructured tasks the service's executor"
        case .badKey(let key): "\"\(key)\" is not 1 to 256 visible ASCII characters"
        case .keyTaken(let key): "there is an account \"\(key)\" already"
        case .notDeterministic(let request, let was, let became):
            "after the same answers request \(request) was \(was), and then \(became): code that is proved must do the same "
                + "each time. Seed what it draws, take the time from service.clock, and keep nothing between its runs"
        case .tooManySchedules(let limit):
            "nothing is proved: there are more than \(FigureText.grouped(Int64(limit))) schedules. Allow fewer faults, "
                + "shorter tasks or fewer retries, or raise the limit"
        case .tooManyRequests(let limit, let schedule):
            "nothing is proved: the code had not ended after \(limit) requests, by \(schedule). Give it an end, or raise "
                + "the limit"
        case .tooLong(let hours, let schedule):
            "nothing is proved: the code had not ended after \(hours) virtual hours, by \(schedule)"
        }
    }
}

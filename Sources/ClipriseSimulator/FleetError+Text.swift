extension FleetError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownModel(let id, let suggestion):
            "no model is called \"\(id)\"\(Self.meant(suggestion)) (\"models list\" names all)"
        case .noBody(let model, let reason): "no body could be made for the model \"\(model)\": \(reason)"
        case .badArrival(let text, let suggestion):
            "\"\(text)\" is no way for jobs to arrive\(Self.meant(suggestion)) (burst, ramp, poisson:50/s, "
                + "uniform:50/s, every:1m, closed:10s, ramp:5/s..50/s or diurnal:5/s..50/s)"
        case .badRate(let text): "\"\(text)\" is no rate: write 50/s, 30/m or 10/h, above 0 and at most 1000000/s"
        case .badRates(let text): "\"\(text)\" is no pair of rates: write 5/s..50/s"
        case .badLength(let text, let option, let range):
            "\"\(text)\" is no length of time for --\(option): write 250ms, 3s, 1m30s or 1h, from \(range)"
        case .badCount(let option, let value, let range):
            "--\(option) \(value) is out of range: \(range.lowerBound) to \(range.upperBound)"
        case .badShare(let text):
            "\"\(text)\" is no share of jobs: write MODEL=SHARE with a share from 1e-9 to 1e9, such as sora-2=0.2"
        case .noRequests(let arrival): "no job arrives in this time\(arrival): raise the rate or --for"
        case .tooManyJobs(let expected, let limit):
            "about \(FigureText.short(expected.rounded())) jobs would arrive, and a run takes at most \(limit): lower "
                + "--clients, the rate or --for"
        case .badSweep(let text, let reason): "--sweep \(text): \(reason)"
        case .unknownField(let name, let suggestion):
            "a policy has no field \"\(name)\"\(Self.meant(suggestion)) (\(PolicyField.names.joined(separator: ", ")))"
        case .unknownGoal(let name, let suggestion):
            "\"\(name)\" is no goal\(Self.meant(suggestion)) (\(Goal.allCases.map(\.rawValue).joined(separator: ", ")))"
        case .badPolicy(let name, let reason): "the policy \"\(name)\" cannot be simulated: \(reason)"
        case .sameModelTwice(let id): "--jobs \(id) is given twice: add the shares up"
        case .rateMissing(let word): "--arrival \(word) needs a rate, such as \(word):50/s"
        case .badFleet(let text, let reason): "--fleet \(text.isEmpty ? "" : "\(text): ")\(reason)"
        case .badShard(let text): "\"\(text)\" is no shard: write I/N, such as 2/8, with N up to \(Shard.limit)"
        case .badFactor(let text):
            "--vary \(text) is out of range: \(FigureText.short(Variation.factors.lowerBound)) to "
                + FigureText.short(Variation.factors.upperBound)
        case .tooManyTrials(let count, let limit):
            "\(count) runs are too many: at most \(limit) seeds times settings"
        case .tooManyStates(let limit):
            "nothing is proved: more than \(FigureText.grouped(Int64(limit))) states; lower --faults or --polls"
        case .sameGoalTwice(let name): "--goal \(name) is given twice"
        case .samePolicyTwice(let name): "the policy \"\(name)\" is given twice"
        case .tooManyPolicies(let count, let limit): "\(count) policies are too many: at most \(limit) at once"
        }
    }

    private static func meant(_ suggestion: String?) -> String {
        suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
    }
}

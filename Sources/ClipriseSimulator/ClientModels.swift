package import ClipriseClient

/// How clients behave that are written with well-known libraries, by the settings that are copied most.
///
/// Their users poll each five seconds. What a library retries and how long it waits is its own: see each.
package enum ClientModels {
    /// The names of models, beside those of `RetryPolicy.names`.
    package static let names = [
        "urllib3-retry", "tenacity-default", "tenacity-exponential", "axios-retry", "got", "go-retryablehttp",
        "n8n-http-node", "aws-adaptive",
    ]

    /// A policy by its name, a library's model or one of the reference client's.
    ///
    /// - Throws: `UnknownPolicyError`, which knows all names.
    package static func policy(named name: String) throws(UnknownPolicyError) -> RetryPolicy {
        if name == "aws-adaptive" {
            // The standard mode, and a rate of calls that falls at 429 and grows again.
            var policy = try RetryPolicy(named: "aws-standard")
            (policy.name, policy.limits.adapts) = (name, true)
            return policy
        }
        if let model = model(name) { return model }
        do {
            return try RetryPolicy(named: name)
        } catch {
            throw UnknownPolicyError(name: name, names: RetryPolicy.names + names)
        }
    }

    private static func model(_ name: String) -> RetryPolicy? {
        var policy = RetryPolicy(
            name: name, jitter: .none, maxAttempts: 1, retryBudget: nil, honoursRetryAfter: false,
            retryAfterCap: .seconds(86_400))
        policy.polling = .every(.seconds(5))
        switch name {
        case "urllib3-retry":
            // Retry(total=5, backoff_factor=1, status_forcelist=[429, 500, 502, 503, 504]): not for POST; the first retry
            // comes at once, then 2, 4, 8, 16 s.
            let reads = RetryRule(maxAttempts: 6, waits: list(0, 2, 4, 8, 16))
            (policy.statusRetry, policy.downloadRetry) = (reads, reads)
            policy.honoursRetryAfter = true
        case "tenacity-default":
            // @retry alone: whatever was raised, at once and for ever. A round trip takes a millisecond here.
            policy.maxAttempts = 1_000_000
            policy.base = .milliseconds(1)
            policy.factor = 1
            (policy.resends, policy.retriesRefusals) = (.always, true)
        case "tenacity-exponential":
            // @retry(wait=wait_exponential(multiplier=1, min=4, max=10), stop=stop_after_attempt(6))
            let all = RetryRule(maxAttempts: 6, waits: list(4, 4, 4, 8, 10))
            (policy.generateRetry, policy.statusRetry, policy.downloadRetry) = (all, all, all)
            (policy.resends, policy.retriesRefusals) = (.always, true)
        case "axios-retry":
            // axiosRetry(axios): three retries without a pause, of GET after network errors and 5xx, of POST after network
            // errors only; a 429 is not retried.
            let three = RetryRule(maxAttempts: 4, waits: .every(.milliseconds(1)))
            (policy.generateRetry, policy.statusRetry, policy.downloadRetry) = (three, three, three)
            policy.resends = .lost
        case "got":
            // Two retries of GET after 1 and 2 s and up to 0.1 s more; none of POST. Retry-After counts.
            let two = RetryRule(
                maxAttempts: 3,
                waits: .backoff(base: .seconds(1), factor: 2, cap: .seconds(86_400), noise: .milliseconds(100)))
            (policy.statusRetry, policy.downloadRetry) = (two, two)
            policy.honoursRetryAfter = true
        case "go-retryablehttp":
            // Four retries after 1, 2, 4, 8 s, of POST as well, after network errors, 429 and 5xx. Retry-After counts.
            let four = RetryRule(maxAttempts: 5, waits: list(1, 2, 4, 8))
            (policy.generateRetry, policy.statusRetry, policy.downloadRetry) = (four, four, four)
            policy.resends = .errors
            policy.honoursRetryAfter = true
        case "n8n-http-node":
            // "Retry On Fail": three tries, a second between, whatever failed.
            let three = RetryRule(maxAttempts: 3, waits: .every(.seconds(1)))
            (policy.generateRetry, policy.statusRetry, policy.downloadRetry) = (three, three, three)
            (policy.resends, policy.retriesRefusals) = (.always, true)
        default: return nil
        }
        return policy
    }

    private static func list(_ seconds: Int...) -> WaitSchedule { .list(seconds.map { .seconds($0) }) }
}

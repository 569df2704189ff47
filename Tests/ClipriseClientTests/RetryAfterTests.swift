import ClipriseClient
import Testing

@Suite struct RetryAfterTests {
    /// 6 November 1994, 08:49:37 UTC, the moment of RFC 9110's examples.
    static let moment: Int64 = 784_111_777

    static let table: [(field: String, date: String?, wait: Duration?)] = [
        ("0", nil, .zero),
        ("120", nil, .seconds(120)),
        (" 5 ", nil, .seconds(5)), ("5 \t", nil, .seconds(5)),
        ("99999999999999999999999", nil, .seconds(3_155_760_000)),
        ("-1", nil, nil),
        ("1.5", nil, nil),
        ("2s", nil, nil),
        ("5 10", nil, nil),
        ("+5", nil, nil),
        ("", nil, nil),
        ("soon", nil, nil),
        // The three forms of a date, 30 s from now.
        ("Sun, 06 Nov 1994 08:50:07 GMT", nil, .seconds(30)),
        ("Sunday, 06-Nov-94 08:50:07 GMT", nil, .seconds(30)),
        ("Sun Nov  6 08:50:07 1994", nil, .seconds(30)),
        // The answer's own date beats this machine's clock.
        ("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:57 GMT", .seconds(2)),
        ("Sun, 06 Nov 1994 08:50:07 GMT", "no date", .seconds(30)),
        // In the past.
        ("Sun, 06 Nov 1994 08:49:36 GMT", nil, .zero),
        ("Thu, 01 Jan 1970 00:00:00 GMT", nil, .zero),
        // Absurd.
        ("Fri, 31 Dec 9999 23:59:59 GMT", nil, .seconds(3_155_760_000)),
        ("Sun, 32 Nov 1994 08:49:37 GMT", nil, nil),
        ("Sun, 06 Now 1994 08:49:37 GMT", nil, nil),
        ("Sun, 06 Nov 1994 24:49:37 GMT", nil, nil),
        ("Sun, 06 Nov 1994 08:49:37 CET", nil, nil),
    ]

    @Test(arguments: table)
    func `a Retry-After is seconds or a date, and anything else is none`(
        row: (field: String, date: String?, wait: Duration?)
    ) {
        #expect(RetryAfter.wait(row.field, date: row.date, now: Self.moment) == row.wait)
    }

    @Test func `the days of four centuries are counted`() {
        // 29 February 2000 to 1 March 2000, and 28 February to 1 March 2100, which has no 29th.
        let leap = RetryAfter.wait("Wed, 01 Mar 2000 00:00:00 GMT", date: "Tue, 29 Feb 2000 00:00:00 GMT", now: 0)
        #expect(leap == .seconds(86_400))
        let plain = RetryAfter.wait("Mon, 01 Mar 2100 00:00:00 GMT", date: "Sun, 28 Feb 2100 00:00:00 GMT", now: 0)
        #expect(plain == .seconds(86_400))
    }
}

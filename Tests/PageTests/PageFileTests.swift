import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct PageFileTests {
    @Test func `the document holds no script, no style and no handler of its own`() throws {
        let html = try Repository.text("fixtures/page/index.html")
        for match in html.matches(of: /<script[^>]*>[^<]*/) { #expect(match.output == #"<script src="app.js">"#) }
        for pattern in ["<style", " style=", "javascript:", "<iframe", "<object", "<embed"] {
            #expect(!html.contains(pattern), "index.html has \(pattern)")
        }
        #expect(html.firstMatch(of: /\son[a-z]+\s*=/) == nil)
    }

    @Test func `the script makes no markup out of texts and no code either`() throws {
        let script = try Repository.text("fixtures/page/app.js")
        let forbidden = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment", "DOMParser",
            "eval(", "new Function", "srcdoc", "import(",
        ]
        for word in forbidden { #expect(!script.contains(word), "app.js uses \(word)") }
    }

    @Test(arguments: ["index.html", "app.css", "app.js"])
    func `a file names no other host but in commands and namespaces`(name: String) throws {
        let named = [
            "http://www.w3.org/2000/svg", "https://your-service.example.com/webhooks/cliprise",
            "http://127.0.0.1:8080/__admin/accounts",
        ]
        var text = try Repository.text("fixtures/page/\(name)")
        for one in named { text = text.replacing(one, with: "") }
        #expect(!text.contains("://") && !text.contains("url(") && !text.contains("@import"))
    }
}

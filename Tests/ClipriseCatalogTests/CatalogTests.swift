import ClipriseCatalog
import Testing

@Suite struct CatalogTests {
    @Test func `the built-in catalogue has the 45 models`() throws {
        #expect(try Catalog.builtIn().models.count == 45)
    }
}

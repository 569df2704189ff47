// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    // Here and not on a command line, so that every build of this tree is the same build.
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "cliprise-mock",
    products: [
        .library(name: "ClipriseClient", targets: ["ClipriseClient"]),
        .library(name: "ClipriseSimulator", targets: ["ClipriseSimulator"]),
        .library(name: "ClipriseMockTesting", targets: ["ClipriseMockTesting"]),
        .executable(name: "cliprise-mock", targets: ["cliprise-mock"]),
        .executable(name: "cliprise", targets: ["cliprise"]),
    ],
    traits: [
        .trait(
            name: "AsyncHTTPClient",
            description: "For tests only: compiles the transport that the client's documentation shows.")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // Not fetched without the trait.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    ],
    targets: [
        // C: built-in files, and libraries made callable.
        .target(name: "CCertificates", linkerSettings: [.linkedLibrary("gnutls")]),
        .target(name: "CClipriseCrash"),
        .target(name: "CClipriseData"),
        .plugin(name: "EmbedFiles", capability: .buildTool(), path: "Sources/EmbedFiles"),
        .target(name: "ClipriseFiles", plugins: ["EmbedFiles"]),
        .target(name: "CClipriseJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CCurl"),
        .target(name: "CVirtualTime", exclude: ["preload"], cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "CGlyphs"),
        .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CLame", providers: [.apt(["libmp3lame-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .target(
            name: "CMicroHTTPDHooks", dependencies: ["CMicroHTTPD"],
            linkerSettings: [.linkedLibrary("microhttpd"), .linkedLibrary("gnutls")]),
        .systemLibrary(name: "CPrefetch"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Vocabulary, and what needs nothing else.
        .target(name: "ClipriseLocks"),
        .target(name: "ClipriseWire", dependencies: ["CPrefetch"]),
        .target(name: "ClipriseJSON", dependencies: ["CClipriseJSON", "ClipriseWire"]),
        .target(name: "ClipriseForm", dependencies: ["ClipriseJSON", "ClipriseWire"]),
        .target(
            name: "ClipriseCatalog", dependencies: ["ClipriseFiles", "ClipriseForm", "ClipriseJSON", "ClipriseWire"]),
        .target(
            name: "ClipriseMedia",
            dependencies: ["CGlyphs", "CJPEG", "CLame", "CZlib", "ClipriseLocks", "ClipriseWire"]),
        .target(
            name: "MicroHTTPD",
            dependencies: [
                "CClipriseCrash", "CMicroHTTPD", "CMicroHTTPDHooks", "CVirtualTime", "ClipriseLocks", "ClipriseWire",
            ]),

        // Sleeps of a command that pass at once. The plugin builds the library that is preloaded, and embeds it.
        .plugin(name: "EmbedVirtualTime", capability: .buildTool(), path: "Sources/EmbedVirtualTime"),
        .target(
            name: "ClipriseVirtualTime", dependencies: ["CVirtualTime", "ClipriseWire"], plugins: ["EmbedVirtualTime"]),

        .target(name: "ClipriseHTTP", dependencies: ["CCurl", "ClipriseLocks", "ClipriseWire"]),
        .target(name: "ClipriseVersion", dependencies: ["CClipriseData", "ClipriseFiles", "ClipriseWire"]),

        // What users write, what is noted, and what is said of it.
        .target(name: "ClipriseScenario", dependencies: ["CYAML", "ClipriseFiles", "ClipriseWire"]),
        .target(name: "ClipriseJournal", dependencies: ["ClipriseForm", "ClipriseScenario", "ClipriseWire"]),
        .target(
            name: "ClipriseReport",
            dependencies: ["ClipriseForm", "ClipriseJSON", "ClipriseJournal", "ClipriseScenario", "ClipriseWire"]),

        .target(name: "ClipriseClient", dependencies: ["ClipriseHTTP", "ClipriseLocks", "ClipriseWire"]),
        .executableTarget(
            name: "cliprise",
            dependencies: [
                "ClipriseClient", "ClipriseVersion", "ClipriseWire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // The engine, and what stands around it.
        .target(
            name: "ClipriseEngine",
            dependencies: [
                "CZlib", "ClipriseCatalog", "ClipriseForm", "ClipriseJournal", "ClipriseScenario", "ClipriseWire",
            ]),
        .target(
            name: "ClipriseAdmin",
            dependencies: [
                "ClipriseEngine", "ClipriseFiles", "ClipriseForm", "ClipriseJSON", "ClipriseJournal",
                "ClipriseScenario", "ClipriseWire",
            ]),
        .target(
            name: "ClipriseState",
            dependencies: [
                "CSQLite", "ClipriseAdmin", "ClipriseCatalog", "ClipriseEngine", "ClipriseJournal", "ClipriseLocks",
                "ClipriseReport", "ClipriseScenario", "ClipriseWire",
            ]),
        .target(
            name: "ClipriseCallbacks",
            dependencies: ["CGnuTLS", "ClipriseHTTP", "ClipriseLocks", "ClipriseVersion", "ClipriseWire"]),
        // Runs without a server: recorded ones, simulated ones, and their drawings.
        .target(
            name: "ClipriseBundle",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseForm", "ClipriseJSON", "ClipriseJournal",
                "ClipriseLocks", "ClipriseMedia", "ClipriseReport", "ClipriseScenario", "ClipriseWire",
            ]),
        .target(
            name: "ClipriseSimulator",
            dependencies: [
                "ClipriseBundle", "ClipriseCatalog", "ClipriseClient", "ClipriseEngine", "ClipriseJSON",
                "ClipriseJournal", "ClipriseLocks", "ClipriseReport", "ClipriseScenario", "ClipriseVersion",
                "ClipriseWire",
            ]),
        .target(name: "ClipriseCharts", dependencies: ["ClipriseSimulator", "ClipriseWire"]),

        .target(
            name: "ClipriseServer",
            dependencies: [
                "ClipriseAdmin", "ClipriseCallbacks", "ClipriseCatalog", "ClipriseEngine", "ClipriseJournal",
                "ClipriseLocks", "ClipriseMedia", "ClipriseReport", "ClipriseScenario", "ClipriseState",
                "ClipriseVersion", "ClipriseWire", "CVirtualTime", "MicroHTTPD",
            ]),
        .target(
            name: "ClipriseMockTesting",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseReport", "ClipriseScenario", "ClipriseServer",
                "ClipriseSimulator", "MicroHTTPD",
            ]),
        // The contract as a document, and held against a server.
        .target(name: "ClipriseOpenAPI", dependencies: ["ClipriseCatalog", "ClipriseWire"]),
        .target(
            name: "ClipriseConformance",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseHTTP", "ClipriseJSON", "ClipriseOpenAPI", "ClipriseWire",
            ]),
        .target(
            name: "ClipriseProxy",
            dependencies: [
                "ClipriseCatalog", "ClipriseConformance", "ClipriseEngine", "ClipriseForm", "ClipriseHTTP",
                "ClipriseJSON", "ClipriseLocks", "ClipriseOpenAPI", "ClipriseScenario", "ClipriseWire",
                "MicroHTTPD",
            ]),
        .target(
            name: "ClipriseMCP",
            dependencies: [
                "ClipriseConformance", "ClipriseJSON", "ClipriseLocks", "ClipriseOpenAPI", "ClipriseScenario",
                "ClipriseVersion", "ClipriseWire",
            ]),
        .executableTarget(
            name: "cliprise-mock",
            dependencies: [
                "CCertificates", "CClipriseCrash", "CClipriseData", "ClipriseAdmin", "ClipriseBundle",
                "ClipriseCallbacks", "ClipriseCatalog", "ClipriseCharts", "ClipriseClient", "ClipriseConformance",
                "ClipriseEngine", "ClipriseHTTP", "ClipriseJSON", "ClipriseJournal", "ClipriseMCP", "ClipriseOpenAPI",
                "ClipriseProxy", "ClipriseReport", "ClipriseScenario", "ClipriseServer",
                "ClipriseSimulator", "ClipriseState", "ClipriseVersion", "ClipriseVirtualTime", "ClipriseWire",
                "MicroHTTPD",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests of the program as its users meet it.
        .target(name: "ProgramRunner", dependencies: ["RawSocket"], path: "Tests/ProgramRunner"),
        .testTarget(name: "VirtualTimeTests", dependencies: ["ProgramRunner", "RawSocket"], exclude: ["clients"]),
        .testTarget(name: "CommandTests", dependencies: ["ProgramRunner", "RawSocket"]),
        .testTarget(
            name: "HelperTests", dependencies: ["CClipriseData", "ProgramRunner", "RawSocket"], exclude: ["samples"]),
        .testTarget(name: "InteropTests", dependencies: ["ProgramRunner", "RawSocket"], exclude: ["clients"]),

        .testTarget(name: "ReachTests", dependencies: ["ProgramRunner", "RawSocket"], exclude: ["clients"]),

        .testTarget(
            name: "VerdictTests", dependencies: ["ProgramRunner", "RawSocket"],
            exclude: ["clients", "matrix", "matrix.tsv"]),

        // Other people's HTTP libraries, and what they cost: Tests/Clients/table prints it.
        .testTarget(
            name: "ClientTableTests", dependencies: ["ProgramRunner", "RawSocket"], path: "Tests/Clients",
            exclude: ["faults.yaml", "programs", "rows.tsv", "table"]),

        // The listener without a mock behind it, for Tests/Benchmarks/run.
        .executableTarget(
            name: "listener-benchmark", dependencies: ["ClipriseLocks", "ClipriseWire", "MicroHTTPD"],
            path: "Tests/Benchmarks/listener"),

        .testTarget(
            name: "PageTests", dependencies: ["ClipriseFiles", "ProgramRunner", "RawSocket"], exclude: ["browser"]),

        // Tests: one target for each module, the contract's transcripts in both worlds, and what several of them share.
        .target(name: "RawSocket", dependencies: ["ClipriseLocks"], path: "Tests/RawSocket"),
        .testTarget(
            name: "ClipriseAdminTests",
            dependencies: [
                "ClipriseAdmin", "ClipriseEngine", "ClipriseForm", "ClipriseJSON", "ClipriseJournal",
                "ClipriseScenario", "ClipriseWire",
            ]),
        .testTarget(
            name: "ClipriseCatalogTests",
            dependencies: ["ClipriseCatalog", "ClipriseForm", "ClipriseJSON", "ClipriseWire", "Spoiling"]),
        .testTarget(
            name: "ClipriseEngineTests",
            dependencies: ["ClipriseCatalog", "ClipriseEngine", "ClipriseLocks", "ClipriseScenario", "ClipriseWire"]),
        .testTarget(
            name: "ClipriseCallbacksTests",
            dependencies: [
                "ClipriseCallbacks", "ClipriseHTTP", "ClipriseLocks", "ClipriseVersion", "ClipriseWire",
                "ProgramRunner", "RawSocket",
            ]),
        .testTarget(
            name: "ClipriseClientTests",
            dependencies: [
                "ClipriseClient", "ClipriseHTTP", "ClipriseLocks", "ClipriseWire", "ProgramRunner", "RawSocket",
                .product(
                    name: "AsyncHTTPClient", package: "async-http-client",
                    condition: .when(traits: ["AsyncHTTPClient"])),
                .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["AsyncHTTPClient"])),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["AsyncHTTPClient"])),
                .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["AsyncHTTPClient"])),
            ]),
        .testTarget(
            name: "ClipriseJournalTests", dependencies: ["ClipriseJournal", "ClipriseScenario", "ClipriseWire"]),
        .testTarget(
            name: "ClipriseReportTests",
            dependencies: [
                "ClipriseJSON", "ClipriseJournal", "ClipriseReport", "ClipriseScenario", "ClipriseWire",
            ]),
        .testTarget(name: "ClipriseScenarioTests", dependencies: ["ClipriseScenario", "ClipriseWire", "RawSocket"]),
        .testTarget(
            name: "ClipriseMockTestingTests",
            dependencies: ["ClipriseClient", "ClipriseMockTesting", "ClipriseSimulator"]),
        .testTarget(
            name: "ClipriseSimulatorTests",
            dependencies: [
                "ClipriseBundle", "ClipriseCatalog", "ClipriseCharts", "ClipriseClient", "ClipriseEngine",
                "ClipriseJournal", "ClipriseLocks", "ClipriseScenario", "ClipriseSimulator", "ClipriseWire",
            ]),
        .testTarget(
            name: "ClipriseHTTPTests", dependencies: ["ClipriseHTTP", "ClipriseLocks", "ClipriseWire", "RawSocket"]),
        .testTarget(name: "ClipriseFormTests", dependencies: ["ClipriseForm", "ClipriseJSON", "ClipriseWire"]),
        .testTarget(name: "ClipriseJSONTests", dependencies: ["ClipriseJSON"]),
        .testTarget(
            name: "ClipriseConformanceTests",
            dependencies: [
                "ClipriseCatalog", "ClipriseConformance", "ClipriseEngine", "ClipriseLocks", "ClipriseWire",
            ]),
        .testTarget(
            name: "ClipriseProxyTests",
            dependencies: [
                "ClipriseCatalog", "ClipriseConformance", "ClipriseEngine", "ClipriseProxy", "ClipriseScenario",
                "ClipriseWire",
            ]),
        .testTarget(
            name: "ClipriseOpenAPITests",
            dependencies: ["ClipriseCatalog", "ClipriseJSON", "ClipriseOpenAPI", "ClipriseWire"]),
        .testTarget(name: "LiveServiceTests", dependencies: ["ProgramRunner", "RawSocket"], exclude: ["clients"]),
        .testTarget(name: "ClipriseLocksTests", dependencies: ["ClipriseLocks"]),
        .testTarget(name: "ClipriseMediaTests", dependencies: ["ClipriseMedia", "ClipriseWire", "RawSocket"]),
        .testTarget(
            name: "ClipriseServerTests",
            dependencies: [
                "ClipriseAdmin", "ClipriseCatalog", "ClipriseEngine", "ClipriseJSON", "ClipriseJournal",
                "ClipriseLocks", "ClipriseScenario", "ClipriseServer", "ClipriseWire", "MicroHTTPD", "RawSocket",
            ]),
        .testTarget(
            name: "ClipriseStateTests",
            dependencies: [
                "CSQLite", "ClipriseAdmin", "ClipriseCatalog", "ClipriseEngine", "ClipriseScenario", "ClipriseState",
                "ClipriseWire", "ProgramRunner", "RawSocket",
            ], exclude: ["kill-rounds"]),
        .testTarget(name: "ClipriseWireTests", dependencies: ["ClipriseLocks", "ClipriseWire"]),
        .testTarget(
            name: "ContractTests",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseJSON", "ClipriseLocks", "ClipriseMedia",
                "ClipriseServer", "ClipriseWire", "RawSocket",
            ]),
        .testTarget(name: "HouseTests"),
        .testTarget(
            name: "ScenarioTests",
            dependencies: [
                "ClipriseBundle", "ClipriseCatalog", "ClipriseClient", "ClipriseEngine", "ClipriseJournal",
                "ClipriseLocks", "ClipriseMedia", "ClipriseReport", "ClipriseScenario", "ClipriseServer",
                "ClipriseSimulator", "ClipriseWire", "MicroHTTPD", "ProgramRunner", "RawSocket",
            ]),
        .target(name: "Spoiling", dependencies: ["ClipriseJSON"], path: "Tests/Spoiling"),
        .target(
            name: "ReaderFuzz",
            dependencies: [
                "ClipriseAdmin", "ClipriseBundle", "ClipriseCatalog", "ClipriseClient", "ClipriseEngine",
                "ClipriseJSON",
                "ClipriseJournal", "ClipriseLocks", "ClipriseReport", "ClipriseScenario", "ClipriseServer",
                "ClipriseSimulator", "ClipriseWire", "MicroHTTPD", "Spoiling",
            ], path: "Tests/ReaderFuzz"),
        .executableTarget(
            name: "fuzz-readers", dependencies: ["CClipriseCrash", "ReaderFuzz"], path: "Tests/fuzz-readers"),
        .testTarget(name: "ReaderFuzzTests", dependencies: ["RawSocket", "ReaderFuzz"]),
        .testTarget(
            name: "HostileInputTests",
            dependencies: [
                "ClipriseCatalog", "ClipriseEngine", "ClipriseJSON", "ClipriseLocks", "ClipriseServer",
                "ClipriseWire", "MicroHTTPD", "RawSocket", "Spoiling",
            ]),
        .testTarget(
            name: "MicroHTTPDTests",
            dependencies: [
                "CCertificates", "ClipriseLocks", "ClipriseWire", "MicroHTTPD", "ProgramRunner", "RawSocket",
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)

// C is compiled by its own.
for target in package.targets where [.regular, .executable, .test].contains(target.type) {
    target.swiftSettings = settings
}

// CLIPRISE_TARGETS=A,B leaves only these targets and what they need: for builds with a sanitizer, which take long.
if let wanted = Context.environment["CLIPRISE_TARGETS"] {
    var kept: Set<String> = []
    var packages: Set<Substring> = []
    var open = wanted.split(separator: ",").map(String.init)
    while let name = open.popLast() {
        guard kept.insert(name).inserted else { continue }
        let target = package.targets.first { $0.name == name }
        for plugin in target?.plugins ?? [] {
            if case .plugin(name: let name, package: _) = plugin { open.append(name) }
        }
        for dependency in target?.dependencies ?? [] {
            switch dependency {
            case .byNameItem(let name, condition: _): open.append(name)
            case .productItem(name: _, let package?, moduleAliases: _, condition: _): packages.insert(package[...])
            default: continue
            }
        }
    }
    package.targets.removeAll { !kept.contains($0.name) }
    // A package that no target names is fetched whatever its trait.
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(name: _, let location, requirement: _) = dependency.kind else { return false }
        return location.split(separator: "/").last.map { !packages.contains($0) } ?? false
    }
    package.products = []
}

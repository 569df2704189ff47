// swift-tools-version: 6.1

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "cliprise-mock",
    products: [],
    targets: [
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .target(name: "ClipriseLocks", swiftSettings: settings),
        .target(name: "ClipriseWire", swiftSettings: settings),
        .target(
            name: "MicroHTTPD", dependencies: ["CMicroHTTPD", "ClipriseLocks", "ClipriseWire"],
            swiftSettings: settings),
        .executableTarget(
            name: "listener-probe", dependencies: ["ClipriseWire", "MicroHTTPD"],
            path: "Tests/Benchmarks/listener-probe", swiftSettings: settings),
        .target(name: "RawSocket", path: "Tests/RawSocket", swiftSettings: settings),
        .testTarget(name: "ClipriseLocksTests", dependencies: ["ClipriseLocks"], swiftSettings: settings),
        .testTarget(name: "ClipriseWireTests", dependencies: ["ClipriseWire"], swiftSettings: settings),
        .testTarget(
            name: "MicroHTTPDTests", dependencies: ["ClipriseLocks", "ClipriseWire", "MicroHTTPD", "RawSocket"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)

import Foundation
import PackagePlugin

/// Puts the files of some folders into a Swift file, as texts and in the order of their names, so that a file that is added
/// to one of them is built in without another word.
@main struct EmbedFiles: BuildToolPlugin {
    /// The members of `BuiltInFiles`, and the folders that they hold.
    private static let folders = [
        ("catalog", "fixtures/catalog"), ("page", "fixtures/page"), ("scenarios", "scenarios"),
    ]

    /// Between a file and the quotes behind it stands a line end that is not part of the text.
    private static let script = """
        set -e
        source=$1
        shift
        {
            printf 'extension BuiltInFiles {\\n'
            while [ $# -gt 0 ]; do
                if [ "$1" = -- ]; then
                    printf 'package static let %s: [BuiltInFile] = [\\n' "$2"
                    shift 2
                fi
                while [ $# -gt 0 ] && [ "$1" != -- ]; do
                    printf 'BuiltInFile("%s", ####\"\"\"\\n' "${1##*/}"
                    cat "$1"
                    printf '\\n\"\"\"####),\\n'
                    shift
                done
                printf ']\\n'
            done
            printf '}\\n'
        } >"$source"
        """

    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let source = context.pluginWorkDirectoryURL.appending(path: "BuiltInFiles+All.swift")
        var (arguments, inputs): ([String], [URL]) = ([], [])
        for (member, folder) in Self.folders {
            let files = try FileManager.default.contentsOfDirectory(
                at: context.package.directoryURL.appending(path: folder), includingPropertiesForKeys: nil,
                options: .skipsHiddenFiles
            ).sorted { $0.lastPathComponent < $1.lastPathComponent }
            arguments += ["--", member] + files.map(\.path)
            inputs += files
        }
        return [
            .buildCommand(
                displayName: "Embedding models, page and scenarios", executable: URL(filePath: "/bin/sh"),
                arguments: ["-c", Self.script, "sh", source.path] + arguments, inputFiles: inputs,
                outputFiles: [source])
        ]
    }
}

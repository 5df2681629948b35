public import AccessModel
public import ArgumentParser

/// The parser refuses other words and lists these. The API has one answer for an action that
/// there is not, no; at a prompt it is a slip.
extension Action: ExpressibleByArgument {}

extension Fact.Kind: ExpressibleByArgument {}

extension CompletionKind {
    static let actions = CompletionKind.list(Action.allCases.map(\.rawValue) + EngineOperation.all.map(\.name))
}

/// What is wrong with a resource or with what is asked of it.
func checkResource(_ text: String, _ action: String) throws {
    do throws(CommandFailure) {
        switch ResourceNotation(text) {
        case .repository: _ = try ResourceNotation.action(action)
        case let resource: _ = try resource.members(action)
        }
    } catch {
        throw ValidationError(error.description)
    }
    switch ResourceNotation(text) {
    case .repository(let path): try checkRepository(path)
    case .collection(let path): try checkCollection(path)
    case .cluster, .engine, .other: break
    }
}

/// What is wrong with a collection's path, in the model's words.
func checkCollection(_ text: String) throws {
    do throws(NameError) {
        _ = try CollectionPath(text)
    } catch {
        throw ValidationError(error.description)
    }
}

/// What is wrong with a repository's name, in the model's words.
func checkRepository(_ text: String) throws {
    do throws(NameError) {
        _ = try RepositoryPath(text)
    } catch {
        throw ValidationError(error.description)
    }
}

/// The same for a pattern of names.
func checkPattern(_ text: String) throws {
    do throws(NameError) {
        _ = try RepositoryPattern(text)
    } catch {
        throw ValidationError(error.description)
    }
}

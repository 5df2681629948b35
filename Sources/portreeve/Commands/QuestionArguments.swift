public import AccessModel
public import ArgumentParser

/// The parser refuses other words and lists these. The API has one answer for an action that
/// there is not, no; at a prompt it is a slip.
extension Action: ExpressibleByArgument {}

extension Fact.Kind: ExpressibleByArgument {}

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

/// Comma-separated values (RFC 4180) that a spreadsheet does not take for formulas.
enum CSV {
    /// Headings first, lines ended by CR LF.
    static func text(_ table: Table) -> String {
        ([table.headings] + table.rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// In quotes. What a spreadsheet would run gets an apostrophe in front.
    static func field(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let quoted = text.unicodeScalars.reduce(into: "") { quoted, scalar in
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return "\"\(isFormula ? "'" : "")\(quoted)\""
    }
}

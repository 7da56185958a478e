//! Values with commas between, for spreadsheets (RFC 4180). Refuses to hand a spreadsheet a formula: what would be one is a text.

/// A line with its end.
#[must_use]
pub fn line(cells: &[String]) -> String {
    let mut line = cells.iter().map(|cell| written(cell)).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A cell. A spreadsheet takes what begins with one of these signs for a formula, also in quotes; an apostrophe before it says
/// that it is none. Source: OWASP, CSV injection.
fn written(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let safe = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([',', '"', '\r', '\n', ';', '\t']) || is_formula {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_quotes_and_lines_stay_within_their_cell() {
        let cells = ["a,b", "say \"so\"", "two\nlines", "plain", ""].map(str::to_owned);
        assert_eq!(line(&cells), "\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",plain,\r\n");
    }

    #[test]
    fn nothing_is_a_formula() {
        for cell in ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(line(&[cell.to_owned()]).starts_with("\"'"), "{cell:?}");
        }
    }
}

//! A table in Markdown with aligned columns, so that a result can be pasted where people read it.

/// A table that grows by rows.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these columns.
    pub fn new(columns: &[&str]) -> Self {
        Self {
            rows: vec![columns.iter().map(|&column| column.to_owned()).collect()],
        }
    }

    /// One more row, a cell per column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The text.
    pub fn text(&self) -> String {
        let widths = self.widths();
        let rule = widths.iter().map(|&width| "-".repeat(width)).collect();
        let (head, body) = self.rows.split_at(1);
        let lines = head.iter().chain([&rule]).chain(body);
        lines.map(|cells| line(cells, &widths)).collect::<Vec<_>>().join("\n")
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = Vec::new();
        for cells in &self.rows {
            for (index, cell) in cells.iter().enumerate() {
                let width = cell.chars().count().max(3);
                match widths.get_mut(index) {
                    Some(widest) => *widest = width.max(*widest),
                    None => widths.push(width),
                }
            }
        }
        widths
    }
}

/// The first column reads from the left, the others are figures.
fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::from("|");
    for (index, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        let aligned = if index == 0 {
            format!(" {cell:<width$} |")
        } else {
            format!(" {cell:>width$} |")
        };
        text.push_str(&aligned);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(&["engine", "p99 ms"]);
        table.row(["PostgreSQL".to_owned(), "7".to_owned()]);
        assert_eq!(
            table.text(),
            "| engine     | p99 ms |\n| ---------- | ------ |\n| PostgreSQL |      7 |"
        );
    }
}

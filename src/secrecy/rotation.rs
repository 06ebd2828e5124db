//! What must be sealed anew when the secret changes.

/// A column that holds ciphertexts. Its table has its primary key in `id`, and the place of each ciphertext is that
/// table, row and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedColumn {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// The column that holds the keyed hash of the same value, where it is looked for.
    pub lookup: Option<Lookup>,
}

/// A column that holds keyed hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookup {
    /// Column.
    pub column: &'static str,
    /// The kind that was hashed with the value.
    pub kind: &'static str,
}

impl SealedColumn {
    /// A column whose values are not looked for.
    #[must_use]
    pub const fn new(table: &'static str, column: &'static str) -> Self {
        Self { table, column, lookup: None }
    }

    /// With the column of the hashes by which its values are found.
    #[must_use]
    pub const fn found_by(self, column: &'static str, kind: &'static str) -> Self {
        Self { lookup: Some(Lookup { column, kind }), ..self }
    }
}

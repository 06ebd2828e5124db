//! The words in which tables are written down, so that each reads like a table.
//!
//! Promises: names follow one rule (`fk_<table>_<column>`, `ix_<table>_<columns>`, `ux_<table>_<columns>`,
//! `ck_<table>_<column>`); every foreign key refuses the deletion of what it points at; amounts of money fit into
//! what a browser reads exactly. Everything is said inside `create table`, for SQLite can add no constraint later.

use crate::dialect;
use sea_orm_migration::prelude::*;

/// The largest amount of money: 2⁵³−1 fen.
const MAX_FEN: &str = "9007199254740991";

/// A table on its way into the schema.
pub struct TableDraft {
    name: &'static str,
    statement: TableCreateStatement,
    indices: Vec<IndexCreateStatement>,
    is_append_only: bool,
}

/// Begins the table `name`.
pub fn table(name: &'static str) -> TableDraft {
    TableDraft { name, statement: Table::create().table(name).to_owned(), indices: Vec::new(), is_append_only: false }
}

/// Defines a column kind twice: required, and with `_null` for what may be absent.
macro_rules! plain_columns {
    ($($(#[$doc:meta])* $required:ident, $optional:ident, $kind:ident;)+) => {$(
        $(#[$doc])*
        pub fn $required(self, name: &'static str) -> Self {
            self.col(ColumnDef::new(name).$kind().not_null())
        }

        $(#[$doc])*
        /// May be absent.
        pub fn $optional(self, name: &'static str) -> Self {
            self.col(ColumnDef::new(name).$kind().null())
        }
    )+};
}

impl TableDraft {
    plain_columns! {
        /// A UUID that points at no particular table.
        uuid, uuid_null, uuid;
        /// Text of any length.
        text, text_null, text;
        /// An instant.
        timestamp, timestamp_null, timestamp_with_time_zone;
        /// A calendar day.
        date, date_null, date;
        /// Yes or no.
        flag, flag_null, boolean;
    }

    /// The primary key `id`, made by the application.
    pub fn id(self) -> Self {
        self.uuid("id").key(&["id"])
    }

    /// The primary key, for tables that have no `id`.
    pub fn key(mut self, columns: &[&'static str]) -> Self {
        let mut key = Index::create();
        for column in columns {
            key.col(*column);
        }
        self.statement.primary_key(&mut key);
        self
    }

    /// An integer of 16 bits.
    pub fn small(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).small_integer().not_null())
    }

    /// An integer of 32 bits.
    pub fn int(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).integer().not_null())
    }

    /// An integer of 64 bits.
    pub fn big(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).big_integer().not_null())
    }

    /// An integer of 32 bits. May be absent.
    pub fn int_null(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).integer().null())
    }

    /// An integer of 64 bits. May be absent.
    pub fn big_null(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).big_integer().null())
    }

    /// A quantity that is never negative: grams, packs, fen per kilogram.
    pub fn quantity(self, name: &'static str) -> Self {
        self.big(name).column_check(name, &format!("\"{name}\" >= 0"))
    }

    /// The same. May be absent.
    pub fn quantity_null(self, name: &'static str) -> Self {
        self.col(ColumnDef::new(name).big_integer().null()).column_check(name, &format!("\"{name}\" >= 0"))
    }

    /// Ten-thousandths of a whole.
    pub fn basis_points(self, name: &'static str) -> Self {
        self.big(name).column_check(name, &format!("\"{name}\" between 0 and 10000"))
    }

    /// An amount of money in fen.
    pub fn fen(self, name: &'static str) -> Self {
        self.big(name).column_check(name, &format!("\"{name}\" between 0 and {MAX_FEN}"))
    }

    /// A text that is one of `values`.
    pub fn choice(self, name: &'static str, values: &[&str]) -> Self {
        let list = values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ");
        self.text(name).column_check(name, &format!("\"{name}\" in ({list})"))
    }

    /// When the row was made.
    pub fn created_at(self) -> Self {
        self.timestamp("created_at")
    }

    /// Counts the changes of a row, from 1.
    pub fn version(self) -> Self {
        self.big("version")
    }

    /// The `id` of a row of `target`.
    pub fn reference(self, name: &'static str, target: &'static str) -> Self {
        self.uuid(name).foreign_key(name, target, "id")
    }

    /// The same. May be absent.
    pub fn reference_null(self, name: &'static str, target: &'static str) -> Self {
        self.uuid_null(name).foreign_key(name, target, "id")
    }

    /// Makes a column that is there point at the `id` of a row of `target`.
    pub fn points_at(self, name: &'static str, target: &'static str) -> Self {
        self.foreign_key(name, target, "id")
    }

    /// The `number` of a row of `target`.
    pub fn number_of(self, name: &'static str, target: &'static str) -> Self {
        self.big(name).foreign_key(name, target, "number")
    }

    /// The `code` of a row of `target`.
    pub fn code(self, name: &'static str, target: &'static str) -> Self {
        self.text(name).foreign_key(name, target, "code")
    }

    /// The `id` of a row of `target` that may be written later in the same transaction.
    pub fn reference_at_commit(self, name: &'static str, target: &'static str) -> Self {
        let clause = self.deferred(name, target, "id");
        self.col(ColumnDef::new(name).uuid().not_null().extra(clause))
    }

    /// The `code` of a row of `target` that may be written later in the same transaction. May be absent.
    pub fn code_at_commit_null(self, name: &'static str, target: &'static str) -> Self {
        let clause = self.deferred(name, target, "code");
        self.col(ColumnDef::new(name).text().null().extra(clause))
    }

    /// Refuses rows for which `condition` does not hold.
    pub fn check(mut self, name: &'static str, condition: &'static str) -> Self {
        self.statement.check((name, Expr::cust(condition)));
        self
    }

    /// Refuses two rows that are the same in `columns`.
    pub fn unique(mut self, columns: &[&'static str]) -> Self {
        let mut index = self.new_index("ux", columns);
        self.indices.push(index.unique().to_owned());
        self
    }

    /// Refuses two rows that are the same in `columns` among those for which `condition` holds.
    pub fn unique_where(mut self, columns: &[&'static str], condition: &'static str) -> Self {
        let mut index = self.new_index("ux", columns);
        self.indices.push(index.unique().and_where(Expr::cust(condition)).to_owned());
        self
    }

    /// Finds rows by `columns`, and lists them in that order.
    pub fn index(mut self, columns: &[&'static str]) -> Self {
        let index = self.new_index("ix", columns);
        self.indices.push(index);
        self
    }

    /// Finds the few rows for which `condition` holds.
    pub fn index_where(mut self, columns: &[&'static str], condition: &'static str) -> Self {
        let mut index = self.new_index("ix", columns);
        self.indices.push(index.and_where(Expr::cust(condition)).to_owned());
        self
    }

    /// Refuses every change and every deletion of a row once written.
    pub fn append_only(mut self) -> Self {
        self.is_append_only = true;
        self
    }

    /// Makes the table, its indices and its triggers.
    ///
    /// # Errors
    /// What the database says.
    pub async fn create(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        manager.create_table(self.statement).await?;
        for index in self.indices {
            manager.create_index(index).await?;
        }
        if self.is_append_only {
            dialect::make_append_only(manager, self.name).await?;
        }
        Ok(())
    }

    fn col(mut self, column: &mut ColumnDef) -> Self {
        self.statement.col(column);
        self
    }

    fn column_check(mut self, column: &str, condition: &str) -> Self {
        self.statement.check((format!("ck_{}_{column}", self.name), Expr::cust(condition.to_owned())));
        self
    }

    fn foreign_key(mut self, column: &'static str, target: &'static str, target_column: &'static str) -> Self {
        self.statement.foreign_key(
            ForeignKey::create()
                .name(format!("fk_{}_{column}", self.name))
                .from(self.name, column)
                .to(target, target_column)
                .on_delete(ForeignKeyAction::Restrict),
        );
        self
    }

    /// The schema builder knows no deferred foreign keys; both databases read this clause behind a column.
    fn deferred(&self, column: &str, target: &str, target_column: &str) -> String {
        format!(
            "constraint \"fk_{}_{column}\" references \"{target}\" (\"{target_column}\") on delete restrict \
             deferrable initially deferred",
            self.name
        )
    }

    fn new_index(&self, prefix: &str, columns: &[&'static str]) -> IndexCreateStatement {
        let name = format!("{prefix}_{}_{}", self.name, columns.join("_"));
        let mut index = Index::create().name(name).table(self.name).to_owned();
        for column in columns {
            index.col(*column);
        }
        index
    }
}

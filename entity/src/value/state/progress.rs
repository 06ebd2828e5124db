//! How far work has come.

use super::named_values;

named_values! {
    /// What the progress of work counts (进度单位).
    ProgressUnit {
        /// Rows of a sheet (行).
        Rows = "rows",
        /// Households (户).
        Households = "households",
        /// Products (商品).
        Products = "products",
        /// Hundredths of the whole (百分比).
        Percent = "percent",
    }
}

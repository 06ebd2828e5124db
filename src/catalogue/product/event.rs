//! What others may hear of products. Both say only which: whoever hears looks up how they are now.

use crate::db::Event;
use entity::value::ProductId;
use uuid::Uuid;

/// Something that buyers see of a product has changed: content, price, or whether it is on the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct ProductChanged {
    /// The product.
    pub product: ProductId,
}

impl Event for ProductChanged {
    const TOPIC: &'static str = "product.changed";

    fn aggregate(&self) -> Uuid {
        self.product.uuid()
    }
}

/// Products ran out, or can be had again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct AvailabilityChanged {
    /// The products.
    pub products: Vec<ProductId>,
}

impl Event for AvailabilityChanged {
    const TOPIC: &'static str = "product.availability_changed";

    /// The first of them stands for all.
    fn aggregate(&self) -> Uuid {
        self.products.first().map(|product| product.uuid()).unwrap_or_default()
    }
}

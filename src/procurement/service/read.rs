//! Showing orders.

use crate::access::policy::ViewOrder;
use crate::access::{Grant, Scope};
use crate::catalogue;
use crate::http::{Page, PageQuery};
use crate::problem::Failure;
use crate::procurement::error::OrderError;
use crate::procurement::store;
use crate::procurement::view::{
    CertifiedProduct, Order, OrderInList, OrderLine, SupplierOrder, SupplierOrderDetail, SupplierOrderFilter,
    SupplierOrderHead,
};
use entity::supplier_order;
use entity::value::{OrderGroupId, SupplierOrderId, business_date};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// An order of a buyer in reach, with its parts and their lines.
pub async fn get_group(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: OrderGroupId,
) -> Result<Order, OrderError> {
    let group = store::find_group(db, grant.scope(), id).await?.ok_or(OrderError::NotFound)?;
    let parts = store::parts_of(db, &[id]).await?;
    let ids: Vec<_> = parts.iter().map(|part| part.id).collect();
    let mut lines: HashMap<SupplierOrderId, Vec<OrderLine>> = HashMap::new();
    for line in store::lines_of(db, &ids).await? {
        lines.entry(line.supplier_order_id).or_default().push(line.into());
    }
    let part = |part: supplier_order::Model| SupplierOrder {
        lines: lines.remove(&part.id).unwrap_or_default(),
        head: part.into(),
    };
    Ok(Order { supplier_orders: parts.into_iter().map(part).collect(), head: group.into() })
}

/// Orders of buyers in reach, newest first.
pub async fn list_groups(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    page: &PageQuery,
) -> Result<Page<OrderInList>, Failure> {
    let limit = page.limit()?;
    let groups = store::list_groups(db, grant.scope(), page.after()?, limit + 1).await?;
    let ids: Vec<_> = groups.iter().map(|group| group.id).collect();
    let mut parts: HashMap<OrderGroupId, Vec<SupplierOrderHead>> = HashMap::new();
    for part in store::parts_of(db, &ids).await? {
        parts.entry(part.group_id).or_default().push(part.into());
    }
    Ok(Page::of(
        groups,
        limit,
        |group| group.id.uuid(),
        |group| OrderInList { supplier_orders: parts.remove(&group.id).unwrap_or_default(), head: group.into() },
    ))
}

/// A supplier order in reach, with all that happened to it.
pub async fn get(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    id: SupplierOrderId,
) -> Result<SupplierOrderDetail, OrderError> {
    let order = store::find(db, grant.scope(), id).await?.ok_or(OrderError::NotFound)?;
    show(db, order).await
}

/// Supplier orders in reach, as either side, newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    grant: &Grant<ViewOrder>,
    wanted: SupplierOrderFilter,
) -> Result<Page<SupplierOrderHead>, Failure> {
    let SupplierOrderFilter { state, limit, cursor } = wanted;
    let page = PageQuery { limit, cursor };
    let limit = page.limit()?;
    let rows = store::list(db, grant.scope(), state, page.after()?, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| row.id.uuid(), SupplierOrderHead::from))
}

/// A supplier order with all that happened to it.
pub(super) async fn show(
    db: &impl ConnectionTrait,
    order: supplier_order::Model,
) -> Result<SupplierOrderDetail, OrderError> {
    let group = store::find_group(db, &Scope::Everything, order.group_id).await?.ok_or(OrderError::NotFound)?;
    let [supplier_name, buyer_name] =
        store::names_on(db, [order.supplier_id, order.buyer_id], business_date(order.placed_at)).await?;
    let lines = store::lines_of(db, &[order.id]).await?;
    let papers = store::papers_of(db, order.id).await?;
    let products: Vec<_> = lines.iter().map(|line| line.product_id).collect();
    let certified = catalogue::certified_on(db, &products, business_date(order.placed_at)).await?;
    let certified = certified.into_iter().filter(|(_, schemes)| !schemes.is_empty());
    let mut certified: Vec<_> =
        certified.map(|(product_id, schemes)| CertifiedProduct { product_id, schemes }).collect();
    certified.sort_by_key(|found| found.product_id);
    let (shipments, acceptances) = (papers.shipments(), papers.acceptances());
    let rating = store::rating_of(db, order.id).await?;
    Ok(SupplierOrderDetail {
        order_number: group.number,
        supplier_name,
        buyer_name,
        deliver_to: group.deliver_to,
        lines: lines.into_iter().map(OrderLine::from).collect(),
        certified,
        shipment: shipments.last().cloned(),
        acceptance: acceptances.last().cloned(),
        shipments,
        acceptances,
        amendments: papers.amendments(),
        returns: papers.returns(),
        credits: papers.credits(),
        rating: rating.map(Into::into),
        head: order.into(),
    })
}

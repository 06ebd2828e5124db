//! What notices promise: a supplier has mail when somebody orders, and a repeated mail is recognised.

use crate::harness::*;
use crate::market::Market;

fn mails(t: &TestApp) -> Vec<String> {
    let files = std::fs::read_dir(t.folder().join("mail")).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

both! {
    async fn a_supplier_has_mail_when_somebody_orders(t: TestApp) {
        let market = Market::with_enterprise(t).await;
        assert_eq!(mails(t).len(), 0);
        let order = market.placed(t, 2).await;
        t.drain().await;
        let mails = mails(t);
        assert_eq!(mails.len(), 1);
        let id = order["id"].as_str().unwrap();
        assert!(mails[0].contains(&format!("Message-ID: <order-placed.{id}@liannong.example>")), "{}", mails[0]);
        let suffix = &market.supplier.id.to_string()[24..];
        assert!(mails[0].contains(&format!("To: clerk@{suffix}.example")), "{}", mails[0]);
    }
}

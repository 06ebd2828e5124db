//! Who may do what, as a text that somebody who reads no code can check.

use liannong::access::policy::TABLE;
use liannong::access::{Caller, Reach};
use std::fmt::Write;

#[test]
fn the_table_of_rights_is_the_one_agreed() {
    let mut text = String::new();
    for (action, rows) in TABLE {
        writeln!(text, "{action}").unwrap();
        for (caller, reach) in *rows {
            let who = match caller {
                Caller::Public => "public",
                Caller::System => "system",
                Caller::Role(role) => role.as_str(),
            };
            let how_far = match reach {
                Reach::OwnOrganisation => "own organisation",
                Reach::OwnTree => "own organisation and those below it",
                Reach::OwnCounty => "own county",
                Reach::AssignedHouseholds => "assigned households",
                Reach::Everything => "everything",
            };
            writeln!(text, "    {who}: {how_far}").unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn nobody_is_named_twice_for_one_action() {
    for (action, rows) in TABLE {
        for (place, (caller, _)) in rows.iter().enumerate() {
            assert!(!rows[..place].iter().any(|(other, _)| other == caller), "{action} names {caller:?} twice");
        }
    }
}

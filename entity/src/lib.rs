//! The tables and the values in them. The floor of the house: it knows nothing of what stands on it.
//!
//! One file per table, named as the table, and no logic in any of them. The list is grouped by the domain that
//! owns the tables: only its `store.rs` names them. The schema itself is made by the package `migration`.

pub mod value;

// Owned by foundations.
pub mod audit_event;
pub mod idempotency_key;
pub mod job;
pub mod outbox;
pub mod schedule;
pub mod sequence_head;

// Owned by `region`.
pub mod category;
pub mod dataset_version;
pub mod division;
pub mod division_period;
pub mod relief_county;

// Owned by `identity`.
pub mod api_key;
pub mod invitation;
pub mod membership;
pub mod password_reset;
pub mod person;
pub mod recovery_code;
pub mod refresh_token;
pub mod second_factor;
pub mod session;
pub mod sign_in_attempt;

// Owned by `organisation`.
pub mod organisation;
pub mod organisation_change;
pub mod organisation_move;
pub mod organisation_successor;

// Owned by `document`.
pub mod stored_file;

// Owned by `ledger`.
pub mod account;
pub mod entry;
pub mod posting;

// Owned by `seal`.
pub mod audit_leaf;
pub mod seal;
pub mod seal_leaf;

// Owned by `household`.
pub mod helper_assignment;
pub mod household;
pub mod household_change;
pub mod household_land;
pub mod household_member;
pub mod household_status;
pub mod member_change;

// Owned by `adjustment`.
pub mod adjustment;
pub mod adjustment_check;
pub mod adjustment_land;
pub mod adjustment_objection;
pub mod adjustment_person;
pub mod adjustment_publicity;
pub mod adjustment_review;
pub mod adjustment_step;

// Owned by `privacy`.
pub mod access_record;
pub mod consent_record;
pub mod privacy_notice;

// Owned by `catalogue`.
pub mod admission;
pub mod admission_decision;
pub mod admission_document;
pub mod freight_rate;
pub mod freight_template;
pub mod mandate;
pub mod price_evidence;
pub mod price_import;
pub mod product;
pub mod product_certificate;
pub mod product_flag;
pub mod product_photo;
pub mod product_price;
pub mod product_sheet;
pub mod reference_price;

// Owned by `harvest`.
pub mod certificate_rule;
pub mod declared_yield;
pub mod delivery;
pub mod delivery_correction;
pub mod delivery_flag;
pub mod lot;
pub mod lot_certificate;
pub mod lot_delivery;
pub mod lot_draw;
pub mod lot_recall;
pub mod lot_step;
pub mod lot_step_input;
pub mod yield_ceiling;

// Owned by `bulk`.
pub mod sheet_import;
pub mod sheet_import_row;

// Owned by `budget`.
pub mod budget;
pub mod budget_change;

// Owned by `approval`.
pub mod approval_deputy;
pub mod approval_rule;
pub mod approval_rule_step;

// Owned by `procurement`.
pub mod acceptance;
pub mod acceptance_line;
pub mod complaint;
pub mod complaint_step;
pub mod credit_note;
pub mod credit_note_line;
pub mod order_amendment;
pub mod order_amendment_line;
pub mod order_clock;
pub mod order_group;
pub mod order_line;
pub mod order_return;
pub mod order_return_line;
pub mod paper;
pub mod rating;
pub mod shipment;
pub mod shipment_lot;
pub mod supplier_order;

// Owned by `payment`.
pub mod bank_row;
pub mod bank_statement;
pub mod declared_payer;
pub mod invoice;
pub mod payment;
pub mod refund_payment;

// Owned by `assistance`.
pub mod help_plan;
pub mod help_plan_item;
pub mod help_plan_progress;
pub mod help_visit;
pub mod help_visit_photo;
pub mod unit_assignment;

// Owned by `comparison`.
pub mod comparison;
pub mod comparison_flag;

// Owned by `rectification`.
pub mod finding;
pub mod finding_rule;
pub mod finding_step;
pub mod finding_task;

// Owned by `attribution`.
pub mod agreement;
pub mod agreement_terms;
pub mod cost_deduction;
pub mod declared_cost;
pub mod help_record;
pub mod period;
pub mod period_pool;
pub mod period_record;
pub mod period_run;
pub mod period_share;
pub mod plan;
pub mod plan_product;
pub mod share;
pub mod share_run;

// Owned by `settlement`.
pub mod payout;

// Owned by `payout`.
pub mod payout_batch;
pub mod payout_batch_line;
pub mod payout_batch_part;
pub mod payout_result;

// Owned by `offplatform`.
pub mod off_platform_decision;
pub mod off_platform_lot;
pub mod off_platform_sale;
pub mod off_platform_share;

// Owned by `voice`.
pub mod confirmation;
pub mod correction;
pub mod dispute;
pub mod household_card;
pub mod voice_code;
pub mod voice_session;

// Owned by `referral`.
pub mod referral_code;

// Owned by `pairing`.
pub mod aid_certificate;
pub mod aid_certificate_revocation;
pub mod aid_claim;
pub mod aid_claim_step;
pub mod contribution;
pub mod pairing;
pub mod pairing_household;
pub mod pairing_village;
pub mod pledge;
pub mod programme;
pub mod programme_rule;
pub mod village_need;
pub mod village_need_step;

// Owned by `reminder`.
pub mod reminder_round;

// Owned by `report`.
pub mod report_gathered;
pub mod report_run;
pub mod report_sale;
pub mod report_share;
pub mod report_snapshot;

// Owned by `feed`.
pub mod feed_entry;

// Owned by `notice`.
pub mod mail;
pub mod mail_preference;

// Owned by `webhook`.
pub mod webhook_attempt;
pub mod webhook_delivery;
pub mod webhook_endpoint;
// Owned by `opendata`.
pub mod open_mark;
pub mod open_process;
pub mod open_release;

// Owned by `quota`.
pub mod quota_attachment;
pub mod quota_entry;
pub mod quota_filing;
pub mod quota_filing_step;
pub mod quota_policy;

// Owned by `purchase`.
pub mod cart_line;
pub mod demand;
pub mod demand_invite;
pub mod demand_line;
pub mod framework;
pub mod framework_line;
pub mod group_join;
pub mod group_purchase;
pub mod group_step;
pub mod purchase_event;
pub mod purchase_request;
pub mod purchase_step;
pub mod quotation;
pub mod quotation_line;
pub mod standing_call_off;
pub mod standing_line;
pub mod standing_order;

// Owned by `welfare`.
pub mod income_entry;
pub mod income_threshold;

// Owned by `monitoring`.
pub mod measure;
pub mod measure_step;
pub mod monitoring_clue;
pub mod monitoring_rule;
pub mod monitoring_run;
pub mod monitoring_trial;

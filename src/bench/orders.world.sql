-- A world to order in: finance department 1, units 1–64 with officers 101–164, suppliers 1–20 with ten products each.
-- Identifiers say what they are: the fourth group the kind, the fifth the number.
create or replace function bench_id(kind int, number bigint) returns uuid language sql immutable as
$$ select ('00000000-0000-0000-' || lpad(to_hex(kind), 4, '0') || '-' || lpad(to_hex(number), 12, '0'))::uuid $$;

insert into organisation (id, kind, name, division_code, parent_id, is_active, created_at, version)
values (bench_id(1, 1), 'finance_department', '测量财政局', '522634', null, true, now(), 1);
insert into organisation (id, kind, name, division_code, parent_id, is_active, created_at, version)
select bench_id(2, n), 'budget_unit', '测量单位 ' || n, '522634', bench_id(1, 1), true, now(), 1
from generate_series(1, 64) n;
insert into organisation (id, kind, name, division_code, parent_id, is_active, created_at, version)
select bench_id(3, n), 'cooperative', '测量合作社 ' || n, '522634', null, true, now(), 1 from generate_series(1, 20) n;

insert into person (id, username, display_name, password_hash, is_demonstration, is_active, created_at, version)
select bench_id(4, n), 'bench-' || n, '测量', '!', false, true, now(), 1
from (select 1 as n union all select generate_series(101, 164)) people;
insert into membership (id, person_id, organisation_id, role, is_active, created_at, version)
values (bench_id(5, 1), bench_id(4, 1), bench_id(1, 1), 'finance_officer', true, now(), 1);
insert into membership (id, person_id, organisation_id, role, is_active, created_at, version)
select bench_id(5, 100 + n), bench_id(4, 100 + n), bench_id(2, n), 'procurement_officer', true, now(), 1
from generate_series(1, 64) n;

insert into plan (id, supplier_id, number, produce_bp, wages_bp, dividend_bp, rent_bp, custody_bp, floor_bp, cap_bp,
                  wages_settle, dividend_settle, rent_settle, custody_settle, pool_order, eligible, confirmed_only,
                  state, proposed_by, approved_by, approved_at, created_at, version)
select bench_id(6, n), bench_id(3, n), 1, 6000, 0, 0, 0, 0, 0, 10000, 'per_order', 'per_order', 'per_order', 'per_order',
       '', 'all', false, 'approved', bench_id(4, 1), bench_id(4, 1), now(), now(), 1
from generate_series(1, 20) n;

insert into product (id, supplier_id, name, category_code, origin_county_code, pack_grams, description, min_packs,
                     on_hand_packs, reserved_packs, shelf_life_days, unit_price_fen, price_id, state, created_at,
                     updated_at, version)
select bench_id(7, s * 100 + p), bench_id(3, s), '测量茶 ' || p, '0803', '522634', 1000, '测量', 1, 1000000000, 0, 540,
       1000 + p, bench_id(8, s * 100 + p), 'on_shelf', now(), now(), 1
from generate_series(1, 20) s, generate_series(1, 10) p;
insert into product_price (id, product_id, number, unit_price_fen, created_by, created_at)
select bench_id(8, s * 100 + p), bench_id(7, s * 100 + p), 1, 1000 + p, bench_id(4, 1), now()
from generate_series(1, 20) s, generate_series(1, 10) p;

-- Each client of pgbench orders for a unit of its own, as the clients of the house do.
drop table if exists bench_client;
create table bench_client as
select (row_number() over (order by b.unit_id) - 1)::int as n, b.unit_id as unit, b.created_by as person, b.id as budget,
       a.id as available, coalesce(e.id, gen_random_uuid()) as encumbered
from budget b
join account a on a.kind = 'budget_available' and a.owner_id = b.id
left join account e on e.kind = 'budget_encumbered' and e.owner_id = b.id;
create unique index ux_bench_client_n on bench_client (n);
analyze bench_client;

"""Entries balance per currency, checked once per entry when the transaction commits."""

from django.db import migrations

BALANCE = """
alter table hosting_posting add constraint posting_in_the_accounts_currency
    foreign key (account_id, currency) references hosting_account (id, currency);

create function hosting_note_entry() returns trigger language plpgsql as $$
begin
    insert into hosting_entrycheck (entry_id) select distinct entry_id from new_rows on conflict do nothing;
    return null;
end $$;
create trigger note_entry after insert on hosting_posting referencing new table as new_rows
    for each statement execute function hosting_note_entry();

create function hosting_check_entry() returns trigger language plpgsql as $$
declare wrong record;
begin
    select currency, sum(amount_cents) as total into wrong from hosting_posting
        where entry_id = new.entry_id group by currency having sum(amount_cents) <> 0 limit 1;
    if found then
        raise exception 'entry % does not balance: % % left over', new.entry_id, wrong.total, wrong.currency
            using errcode = 'check_violation', constraint = 'entry_balances';
    end if;
    delete from hosting_entrycheck where entry_id = new.entry_id;
    return null;
end $$;
create constraint trigger check_entry after insert on hosting_entrycheck
    deferrable initially deferred for each row execute function hosting_check_entry();

create trigger no_truncate before truncate on hosting_entry
    for each statement execute function kit_no_truncate();
create trigger no_truncate before truncate on hosting_posting
    for each statement execute function kit_no_truncate();
"""


class Migration(migrations.Migration):
    dependencies = [("hosting", "0002_initial"), ("kit", "0002_floor")]
    operations = [migrations.RunSQL(BALANCE)]

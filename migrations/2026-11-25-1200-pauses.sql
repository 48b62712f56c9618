-- When the next step was not the supplier's: [{from, to}, …, {from, until?}], instants as ISO 8601. The last, without
-- `to`, is the wait that still runs; `until`: its end was said. {minutes}: a wait that was counted before its times
-- were kept. Of these `waited_minutes`, due times and promises are derived, by whatever hours hold.
alter table requests add pauses jsonb;
alter table request_versions rename facts_to to ended;
alter table request_versions add pauses jsonb, add facts_to timestamptz;
update request_versions set facts_to = ended;
alter table request_versions alter facts_to set not null, drop ended;

do $$
declare target text;
begin
  foreach target in array array['requests', 'request_versions'] loop
    -- A wait that runs: its end was said when the entry that set the promise said one.
    execute format($sql$
      update %I r set pauses =
        case when r.waited_minutes > 0 then jsonb_build_array(jsonb_build_object('minutes', r.waited_minutes))
          else '[]'::jsonb end
        || case when r.waiting_since is null then '[]'::jsonb else jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
          'from', to_char(r.waiting_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'until', case when r.promise_kind = 'given' and not coalesce(said.by_counting, false)
            then to_char(r.promise_due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end))) end
      from %I x left join lateral (
        select e.kind = 'waiting' and not c.content ? 'until' as by_counting
        from entries e join entry_contents c
          on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
        where e.company_id = x.company_id and e.request_id = x.id and e.seq <= x.head_seq
          and e.kind in ('waiting', 'promised')
        order by e.seq desc limit 1) said on x.waiting_since is not null
      where r.company_id = x.company_id and r.id = x.id and r.head_seq = x.head_seq and r.facts_from = x.facts_from
        and (r.waited_minutes > 0 or r.waiting_since is not null)$sql$, target, target);
  end loop;
end
$$;

-- By which version of the settings every request is measured; behind settings_version while that work goes on.
alter table companies add measured_version integer not null default 1;
update companies set measured_version = settings_version;

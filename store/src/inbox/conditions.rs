//! What the lists and counts of the inbox have in common, as pieces of statements over a conversation `v` and its case `c`. Every
//! statement made of them has the same first fourteen parameters; `crate::inbox` and `crate::inbox::counts` give them.
//!
//! `$1` to `$5` as in `crate::visible`, `$6` nil, `$7` and `$8` whether the conversations with people and with unknown senders are
//! in view. Lists go on with `$9` and `$10` where the page begins, `$11` how many, `$12` whether only with clients, `$13` only with
//! that role, `$14` only with texts or calls.

/// Something in the conversation that the user has not dismissed.
macro_rules! something_is_left {
    () => {
        "(v.unclaimed_count = 0 and v.kind <> 'unknown' or exists (select 1 from conversation_items li \
        left join sms_history lm on lm.organization_id = li.organization_id and lm.id = li.item_id \
            and lm.standing in ('unclaimed', 'unknown') \
        left join sms_dismissals ld on ld.organization_id = lm.organization_id and ld.message_id = lm.id and ld.user_id = $2 \
            and ld.case_id = coalesce(v.case_id, $6) \
        where li.organization_id = v.organization_id and li.conversation_id = v.id and ld.message_id is null))"
    };
}
pub(crate) use something_is_left;

/// An unclaimed text in the conversation, and whether the user dismissed it there.
macro_rules! unclaimed_text {
    ($dismissed:literal) => {
        concat!(
            "exists (select 1 from conversation_items ui \
            join sms_history um on um.organization_id = ui.organization_id and um.id = ui.item_id and um.standing in ('unclaimed', 'unknown') \
            left join sms_dismissals ud on ud.organization_id = um.organization_id and ud.message_id = um.id and ud.user_id = $2 \
                and ud.case_id = coalesce(v.case_id, $6) \
            where ui.organization_id = v.organization_id and ui.conversation_id = v.id and ud.message_id ",
            $dismissed,
            ")"
        )
    };
}
pub(crate) use unclaimed_text;

/// The conversation is of a case in view, or of an office that is.
macro_rules! in_reach {
    () => {
        concat!(
            "v.organization_id = $1 and v.last_item_id is not null and ((v.kind = 'case' and ",
            $crate::visible::visible_case!("c"),
            ") or (v.kind = 'lead' and cast($7 as bigint) = 1) or (v.kind = 'contact' and cast($7 as bigint) = 1 and ",
            $crate::contacts::seen_contact!("v"),
            ") or (v.kind = 'unknown' and cast($8 as bigint) = 1))"
        )
    };
}
pub(crate) use in_reach;

/// What each view takes.
macro_rules! view_condition {
    (all) => {
        something_is_left!()
    };
    (unclaimed) => {
        concat!("v.unclaimed_count > 0 and ", unclaimed_text!("is null"))
    };
    (dismissed) => {
        concat!("(v.unclaimed_count > 0 or v.kind = 'unknown') and ", unclaimed_text!("is not null"))
    };
    (attention) => {
        "(v.attention_count > 0 or c.is_unattended = 1)"
    };
    (unknown) => {
        concat!("v.kind = 'unknown' and ", something_is_left!())
    };
}
pub(crate) use view_condition;

/// The view by its word, for statements that look at few conversations anyway.
macro_rules! view_named {
    ($word:literal) => {
        concat!(
            "case cast(",
            $word,
            " as text) when 'unclaimed' then case when ",
            view_condition!(unclaimed),
            " then 1 else 0 end when 'dismissed' then case when ",
            view_condition!(dismissed),
            " then 1 else 0 end when 'attention' then case when ",
            view_condition!(attention),
            " then 1 else 0 end when 'unknown' then case when ",
            view_condition!(unknown),
            " then 1 else 0 end when 'mine' then case when exists (select 1 from conversation_agents ma \
            where ma.organization_id = v.organization_id and ma.user_id = $2 and ma.conversation_id = v.id) and ",
            view_condition!(all),
            " then 1 else 0 end else case when ",
            view_condition!(all),
            " then 1 else 0 end end = 1"
        )
    };
}
pub(crate) use view_named;

/// The further filters, and the page.
macro_rules! filtered_page {
    () => {
        "(cast($12 as bigint) = 0 or v.contact_id = c.client_contact_id) \
        and (cast($13 as uuid) is null or (c.client_contact_id is null or c.client_contact_id <> v.contact_id) \
            and (select fc.contact_role_id from case_contacts fc where fc.organization_id = v.organization_id and fc.case_id = v.case_id \
                and fc.contact_id = v.contact_id \
                order by case when fc.removed_at is null then 0 else 1 end, fc.created_at desc limit 1) = $13) \
        and (cast($14 as text) is null or ($14 = 'text' and exists (select 1 from conversation_items fi \
                where fi.organization_id = v.organization_id and fi.conversation_id = v.id and fi.kind = 'text')) \
            or ($14 = 'call' and exists (select 1 from conversation_items fi \
                where fi.organization_id = v.organization_id and fi.conversation_id = v.id and fi.kind = 'call'))) \
        and (v.last_at, v.id) < ($9, $10) order by v.last_at desc, v.id desc limit $11"
    };
}
pub(crate) use filtered_page;

/// The ids of conversations that a search finds in the whole organization: by the person's name or number, by the case, and by the
/// words of texts. `$15` is the pattern in small letters, `$16` that of the digits, `$17` the question as the engine reads it.
macro_rules! found_anywhere {
    ($engine:ident) => {
        concat!("(select hv.id from contacts hp join conversations hv on hv.organization_id = hp.organization_id and hv.contact_id = hp.id \
            where hp.organization_id = $1 and hp.search_name like $15 escape '!' \
        union select hv.id from cases hc join conversations hv on hv.organization_id = hc.organization_id and hv.case_id = hc.id \
            where hc.organization_id = $1 and (hc.search_name like $15 escape '!' or lower(hc.mycase_case_id) like $15 escape '!') \
        union select hv.id from contact_phones hn join conversations hv on hv.organization_id = hn.organization_id \
            and hv.contact_id = hn.contact_id where hn.organization_id = $1 and hn.e164 like cast($16 as text) \
        union select hv.id from conversations hv where hv.organization_id = $1 and hv.kind = 'unknown' and hv.peer like cast($16 as text) \
        union ", $crate::dialect::conversations_found!($engine), ")")
    };
}
pub(crate) use found_anywhere;

/// The same for one conversation, in all of its texts; everything where nothing is searched for.
macro_rules! found_here {
    () => {
        "(cast($15 as text) is null or vp.search_name like $15 escape '!' or c.search_name like $15 escape '!' \
            or lower(c.mycase_case_id) like $15 escape '!' or v.peer like cast($16 as text) \
            or exists (select 1 from contact_phones hn where hn.organization_id = v.organization_id and hn.contact_id = v.contact_id \
                and hn.e164 like cast($16 as text)) \
            or exists (select 1 from conversation_items hi join sms_history hm on hm.organization_id = hi.organization_id \
                and hm.id = hi.item_id where hi.organization_id = v.organization_id and hi.conversation_id = v.id \
                and (lower(hm.body) like $15 escape '!' or hm.body like $17 escape '!')))"
    };
}
pub(crate) use found_here;

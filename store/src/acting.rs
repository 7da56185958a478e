//! Who can act on the texts of a case, as SQL that several statements share: active users whose role reaches the case with a
//! level on texts, and whom no wall keeps away. Refuses to be used outside of this crate.

/// The users (`u`) who hold a role (`r`) that reaches the case `c` and that satisfies `$level`, such as `r.sms = 2`.
macro_rules! users_who_act_on_case {
    ($level:literal) => {
        concat!(
            "from users u \
            join role_assignments ra on ra.organization_id = u.organization_id and ra.user_id = u.id \
            join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id \
            where u.organization_id = c.organization_id and u.is_active = 1 and ",
            $level,
            " and (r.case_scope = 'all' \
              or (r.case_scope = 'team' and exists (select 1 from team_members tm where tm.organization_id = c.organization_id \
                and tm.team_id = c.team_id and tm.user_id = u.id)) \
              or (r.case_scope = 'assigned' and exists (select 1 from case_users cu where cu.organization_id = c.organization_id \
                and cu.case_id = c.id and cu.user_id = u.id))) \
            and not exists (select 1 from walls w where w.organization_id = c.organization_id and w.case_id = c.id and w.user_id = u.id)"
        )
    };
}
pub(crate) use users_who_act_on_case;

/// The active users (`u`) of the organization of `m`, or of `$1`, with a role (`r`) that satisfies `$level`, whatever its cases.
macro_rules! users_who_act_anywhere {
    ($level:literal) => {
        users_who_act_anywhere!($level, "m.organization_id")
    };
    ($level:literal, $organization:literal) => {
        concat!(
            "from users u \
            join role_assignments ra on ra.organization_id = u.organization_id and ra.user_id = u.id \
            join roles r on r.organization_id = ra.organization_id and r.id = ra.role_id \
            where u.organization_id = ",
            $organization,
            " and u.is_active = 1 and ",
            $level
        )
    };
}
pub(crate) use users_who_act_anywhere;

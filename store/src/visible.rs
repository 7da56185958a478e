//! The cases that a user may see, as a condition that every list, count and search shares: the scopes of their roles as 0/1
//! parameters, and no wall. Refuses to be written twice: a statement that lists cases, or what is in them, takes it from here.

use casewire_core::access::{CaseScope, Visible};

use crate::value::Value;

/// The SQL condition "this case is in view", over the alias of a row of `cases`: `visible_case!("c")`.
///
/// Takes the first five parameters of the statement, as [`parameters`] gives them: `$1` organization, `$2` user,
/// `$3` all cases, `$4` the user's teams' cases, `$5` cases assigned to the user. The statement itself says
/// `c.organization_id = $1`.
macro_rules! visible_case {
    ($case:literal) => {
        concat!(
            "((cast($3 as bigint) = 1",
            " or (cast($4 as bigint) = 1 and exists (select 1 from team_members vt where vt.organization_id = $1",
            " and vt.user_id = $2 and vt.team_id = ",
            $case,
            ".team_id))",
            " or (cast($5 as bigint) = 1 and exists (select 1 from case_users vu where vu.organization_id = $1",
            " and vu.user_id = $2 and vu.case_id = ",
            $case,
            ".id)))",
            " and not exists (select 1 from walls vw where vw.organization_id = $1 and vw.user_id = $2 and vw.case_id = ",
            $case,
            ".id))"
        )
    };
}
pub(crate) use visible_case;

/// The first five parameters of a statement with [`visible_case!`], and then its own.
pub(crate) fn parameters<const N: usize>(visible: &Visible, own: [Value; N]) -> Vec<Value> {
    let mut all = vec![
        Value::from(visible.organization()),
        Value::from(visible.user()),
        Value::from(visible.includes(CaseScope::All)),
        Value::from(visible.includes(CaseScope::Team)),
        Value::from(visible.includes(CaseScope::Assigned)),
    ];
    all.extend(own);
    all
}

//! Who is let in, and until when.

use std::time::{Duration, Instant};

use axum::http::HeaderMap;

use super::*;

const PASSWORD: &str = "a long password";

fn accounts() -> Accounts {
    let mut accounts = Accounts::default();
    accounts.add_user("ann", Role::Editor, PASSWORD).unwrap();
    accounts
}

fn headers(name: &'static str, value: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(name, value.parse().unwrap());
    headers
}

fn role(access: &Access, headers: &HeaderMap) -> Option<Role> {
    access.caller(headers, Instant::now()).role
}

/// A session of ann, as a browser shows it.
fn logged_in(access: &Access) -> (HeaderMap, Pass) {
    let candidate = access.candidate("ann");
    assert!(candidate.fits(PASSWORD));
    let (secret, caller) = access.begin(&candidate, Instant::now()).unwrap().unwrap();
    let cookie = format!("other=1; {PLAIN_COOKIE}={}; more=2", secret.reveal());
    (headers("cookie", &cookie), caller.pass)
}

#[test]
fn without_accounts_everybody_is_let_in_only_where_that_is_said() {
    let nobody = HeaderMap::new();
    let open = Access::new(None, true, false);
    assert_eq!(open.caller(&nobody, Instant::now()).name, LOCAL);
    assert!(open.holds(Pass::Local, Role::Admin, Instant::now()));
    assert_eq!(role(&Access::new(None, false, false), &nobody), None);
    // The first user closes it.
    open.renew(accounts());
    assert_eq!(role(&open, &nobody), None);
    assert!(!open.holds(Pass::Local, Role::Viewer, Instant::now()));
}

#[test]
fn the_cookie_that_only_this_host_can_set_comes_first_and_over_tls_counts_alone() {
    let access = Access::new(Some(accounts()), true, false);
    let over_tls = Access::new(Some(accounts()), true, true);
    let secret = |access: &Access, name: &str, password: &str| {
        let candidate = access.candidate(name);
        assert!(candidate.fits(password));
        access.begin(&candidate, Instant::now()).unwrap().unwrap().0
    };
    let name = |access: &Access, cookie: &str| {
        access.caller(&headers("cookie", cookie), Instant::now()).name
    };
    let (own, other) = (secret(&access, "ann", PASSWORD), "somebody-elses");
    let own = own.reveal();
    for (cookie, right) in [
        (format!("{PLAIN_COOKIE}={own}"), "ann"),
        (format!("{PLAIN_COOKIE}={other}; {SECURE_COOKIE}={own}"), "ann"),
        (format!("{PLAIN_COOKIE}={own}; {SECURE_COOKIE}={other}"), ""),
        // Which of two is one's own, nobody knows.
        (format!("{PLAIN_COOKIE}={own}; {PLAIN_COOKIE}={other}"), ""),
        (format!("{SECURE_COOKIE}={own}; {SECURE_COOKIE}={other}"), ""),
    ] {
        assert_eq!(name(&access, &cookie), right, "{cookie}");
    }
    let own = secret(&over_tls, "ann", PASSWORD);
    let own = own.reveal();
    assert_eq!(name(&over_tls, &format!("{PLAIN_COOKIE}={own}")), "");
    assert_eq!(name(&over_tls, &format!("{PLAIN_COOKIE}={other}; {SECURE_COOKIE}={own}")), "ann");
}

#[test]
fn a_server_that_others_reach_stays_closed_when_its_last_user_goes() {
    let access = Access::new(Some(accounts()), false, false);
    access.renew(Accounts::default());
    assert_eq!(role(&access, &HeaderMap::new()), None);
}

#[test]
fn only_the_password_of_a_user_fits() {
    let access = Access::new(Some(accounts()), false, false);
    assert!(access.candidate("ann").fits(PASSWORD));
    assert!(!access.candidate("ann").fits("another password"));
    assert!(!access.candidate("bob").fits(PASSWORD));
    assert_eq!(access.candidate("my password").shown(), "(no user)");
}

#[test]
fn a_session_lasts_until_its_user_is_changed() {
    let access = Access::new(Some(accounts()), false, false);
    let changes: [fn(&mut Accounts); 3] = [
        |accounts| accounts.set_role("ann", Role::Viewer).unwrap(),
        |accounts| accounts.set_password("ann", PASSWORD).unwrap(),
        |accounts| accounts.remove_user("ann").unwrap(),
    ];
    for change in changes {
        let mut accounts = accounts();
        access.renew(accounts.clone());
        let (cookie, pass) = logged_in(&access);
        assert_eq!(role(&access, &cookie), Some(Role::Editor));
        assert!(access.holds(pass, Role::Viewer, Instant::now()));
        // Others come and go.
        accounts.create_token("ci", Role::Viewer, 0, None).unwrap();
        access.renew(accounts.clone());
        assert_eq!(role(&access, &cookie), Some(Role::Editor));
        change(&mut accounts);
        access.renew(accounts);
        assert_eq!(role(&access, &cookie), None);
        assert!(!access.holds(pass, Role::Viewer, Instant::now()));
    }
}

#[test]
fn a_session_is_not_begun_for_who_was_changed_while_the_password_was_looked_at() {
    let mut accounts = accounts();
    let access = Access::new(Some(accounts.clone()), false, false);
    let candidate = access.candidate("ann");
    assert!(candidate.fits(PASSWORD));
    accounts.remove_user("ann").unwrap();
    access.renew(accounts);
    assert!(access.begin(&candidate, Instant::now()).unwrap().is_none());
}

#[test]
fn a_session_that_is_ended_or_a_cookie_that_is_none_lets_nobody_in() {
    let access = Access::new(Some(accounts()), false, false);
    let (cookie, pass) = logged_in(&access);
    access.end(pass);
    assert_eq!(role(&access, &cookie), None);
    for wrong in ["", "tutti-session", "tutti-session=", "tutti-session=x; =;;"] {
        assert_eq!(role(&access, &headers("cookie", wrong)), None, "{wrong}");
    }
}

#[test]
fn a_token_lets_in_until_it_is_over_and_nothing_like_it_does() {
    let mut accounts = accounts();
    let made = |accounts: &mut Accounts, name: &str, expires_ms| {
        let secret = accounts.create_token(name, Role::Operator, 0, expires_ms).unwrap();
        format!("Bearer {}", secret.reveal())
    };
    let lasting = made(&mut accounts, "ci", None);
    let to_come = made(&mut accounts, "later", Some(now_ms() + 60_000));
    let over = made(&mut accounts, "over", Some(now_ms() - 1));
    let access = Access::new(Some(accounts.clone()), false, false);
    let of = |value: &str| role(&access, &headers("authorization", value));
    assert_eq!(of(&lasting), Some(Role::Operator));
    assert_eq!(of(&to_come), Some(Role::Operator));
    assert_eq!(of(&over), None);
    let caller = access.caller(&headers("authorization", &lasting), Instant::now());
    assert_eq!(caller.name, "token:ci");
    let (_, kept) = lasting.split_once("tutti_").unwrap();
    for wrong in ["Bearer", "Bearer ", "Basic YTpi", kept, &lasting[..lasting.len() - 1]] {
        assert_eq!(of(wrong), None, "{wrong}");
    }
    let written = serde_json::to_value(&accounts.tokens()[0]).unwrap();
    let hash = written["secret"].as_str().unwrap();
    assert_eq!(of(&format!("Bearer {hash}")), None, "what is kept is not what is shown");
    // A wrong token is not made good by a cookie.
    let (mut both, _) = logged_in(&access);
    both.insert("authorization", "Bearer tutti_0".parse().unwrap());
    assert_eq!(role(&access, &both), None);
    accounts.revoke_token("ci").unwrap();
    access.renew(accounts);
    assert_eq!(role(&access, &headers("authorization", &lasting)), None);
}

#[test]
fn tries_are_counted_by_name_and_by_client_and_successes_are_not() {
    let access = Access::new(Some(accounts()), false, false);
    let now = Instant::now();
    let from = |last: u8| IpAddr::from([10, 0, 0, last]);
    for _ in 0..100 {
        access.try_login(from(1), "ann", now).unwrap();
        access.succeed(from(1), "ann");
    }
    for client in 0..NAME_TRIES.0 as u8 {
        access.try_login(from(client), "ann", now).unwrap();
    }
    let wait = access.try_login(from(100), "ann", now).unwrap_err();
    assert!(wait <= NAME_TRIES.1 && wait > Duration::ZERO, "{wait:?}");
    assert!(access.try_login(from(100), "ann", now + wait).is_ok());
    let tried = (0..1000)
        .filter(|number| access.try_login(from(200), &format!("user{number}"), now).is_ok());
    assert_eq!(tried.count(), CLIENT_TRIES.0 as usize);
}

//! What somebody tries who would rather not be reviewed, and what GitHub answers on a bad day.

use super::*;

const ARTIFACT: &str = "blastgate-report";

/// A scene with a stored report that the comment shows.
fn stored() -> (Scene, Vec<u8>) {
    let (scene, report) = shown();
    let bytes = std::fs::read(report).unwrap();
    scene.event("submitted", "bob");
    *scene.workflow.borrow_mut() = "review";
    scene.with(|world| {
        let head = world.head.clone();
        world.artifacts.push((ARTIFACT.to_owned(), head, archive("report.json", &bytes), false));
    });
    (scene, bytes)
}

/// Stores another report, newer than the others.
fn store(scene: &Scene, report: &Value) {
    scene.with(|world| {
        let head = world.head.clone();
        world.artifacts.push((ARTIFACT.to_owned(), head, archive("x.json", report.to_string().as_bytes()), false));
    });
}

#[test]
fn a_stored_report_that_nobody_was_shown_passes_nothing() {
    type Forge = fn(&mut Value);
    let forges: [Forge; 2] = [
        |report| {
            report["verdict"] = json!("allow");
            report["findings"] = json!([]);
            report["groups"] = json!([]);
        },
        // The same inputs and the same verdict, and nothing to see in it.
        |report| {
            report["summary"]["text"] = json!("All is well.");
            report["findings"] = json!([]);
            report["groups"] = json!([]);
        },
    ];
    for forge in forges {
        let (scene, bytes) = stored();
        let before = scene.bodies();
        let mut report: Value = serde_json::from_slice(&bytes).unwrap();
        forge(&mut report);
        store(&scene, &report);
        scene.with(|world| world.says("bob", "APPROVED"));
        let output = scene.github(&["recheck"]);
        assert_eq!((code(&output), scene.status().as_str()), (2, "error"), "{}", said(&output));
        assert!(said(&output).contains("no comment of this account shows"), "{}", said(&output));
        assert_eq!(scene.bodies(), before, "what nobody judged is shown to nobody");
    }
}

#[test]
fn a_report_of_a_plan_that_is_fine_is_no_report_of_this_one() {
    let (scene, _) = stored();
    let fine = std::fs::read(scene.report(ALLOW, "fine.json")).unwrap();
    store(&scene, &serde_json::from_slice(&fine).unwrap());
    assert_eq!((code(&scene.github(&["recheck"])), scene.status().as_str()), (2, "error"));
    // Nor does a comment help that somebody wrote by hand, or changed.
    let body = scene.bodies()[0].clone();
    scene.with(|world| {
        let (created, id) = (world.now(), 50);
        world.comments.push(Comment { id, author: "mallory", editor: None, created, edited: None, body });
        world.comments[0].editor = Some("mallory");
        world.comments[0].edited = Some(world.now());
        world.artifacts.pop();
        world.says("bob", "APPROVED");
    });
    assert_eq!((code(&scene.github(&["recheck"])), scene.status().as_str()), (2, "error"));
}

#[test]
fn what_passed_does_not_stay_green_when_it_cannot_be_told_any_more() {
    type Change = fn(&mut World);
    let gone: Change = |world| world.artifacts.iter_mut().for_each(|artifact| artifact.3 = true);
    let closed: Change = |world| world.errors = json!([{"message": "Something went wrong"}]);
    for change in [gone, closed] {
        let (scene, _) = stored();
        scene.with(|world| world.says("bob", "APPROVED"));
        assert_eq!((code(&scene.github(&["recheck"])), scene.status().as_str()), (0, "success"));
        scene.with(|world| world.says("bob", "CHANGES_REQUESTED"));
        scene.with(change);
        let output = scene.github(&["recheck"]);
        assert_eq!((code(&output), scene.status().as_str()), (2, "error"), "{}", said(&output));
    }
    // A word that is taken back is heard although the first try to say so fails, and it is told where all fail.
    for (times, exit, state) in [(1, 3, "pending"), (4, 2, "success")] {
        let (scene, _) = stored();
        scene.with(|world| world.says("bob", "APPROVED"));
        assert_eq!(code(&scene.github(&["recheck"])), 0);
        scene.with(|world| {
            world.says("bob", "CHANGES_REQUESTED");
            for _ in 0..times {
                let (method, path, headers) = ("POST", "/statuses/", "Retry-After: 0\r\n");
                world.faults.push(Fault { method, path, status: 503, headers, done: false });
            }
        });
        let output = scene.github(&["recheck"]);
        assert_eq!((code(&output), scene.status().as_str()), (exit, state), "{}", said(&output));
    }
}

#[test]
fn the_latest_word_is_the_one_that_was_handed_in_last() {
    let (scene, report) = shown();
    scene.with(|world| {
        // Begun before the approval, and handed in after it.
        world.says("bob", "APPROVED");
        let later = world.now();
        world.review("bob", "CHANGES_REQUESTED")["submittedAt"] = json!(later);
        world.reviews.reverse();
    });
    assert_eq!(code(&scene.github(&["review", &report])), 3);
}

#[test]
fn nothing_was_shown_before_there_was_a_comment() {
    // Another workflow of the same account writes what a stranger says, and that begins long ago.
    let (scene, report) = shown();
    scene.with(|world| {
        world.says("bob", "APPROVED");
        let (created, id) = (world.now(), 50);
        let body = world.comments[0].body.replace("since=-", "since=2020-01-01T00:00:00Z");
        world.comments[0].body = "gone".to_owned();
        world.comments.push(Comment { id, author: "github-actions[bot]", editor: None, created, edited: None, body });
    });
    assert_eq!(code(&scene.github(&["review", &report])), 3);
}

#[test]
fn a_crowd_that_approves_is_counted_and_not_listed() {
    let (scene, report) = shown();
    scene.with(|world| {
        for n in 0..500 {
            world.review(&format!("guest-{n:03}"), "APPROVED")["authorCanPushToRepository"] = json!(false);
        }
    });
    let output = scene.github(&["review", &report]);
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("490 more approvals") && said(&output).lines().count() < 20, "{}", said(&output));
    assert!(scene.bodies()[0].contains("490 more approvals"));
    scene.with(|world| world.says("bob", "APPROVED"));
    assert_eq!(code(&scene.github(&["review", &report])), 0);
}

#[test]
fn who_pushed_must_be_known() {
    // The event names who pushed last. Who pushed before that, only the activity says.
    let (scene, report) = shown();
    scene.with(|world| {
        world.says("bob", "APPROVED");
        world.faults.push(Fault { method: "GET", path: "/activity", status: 404, headers: "", done: false });
    });
    let output = scene.github(&["review", &report]);
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("Who pushed the commits cannot be found out"), "{}", said(&output));
    scene.with(|world| world.activity.clear());
    assert_eq!(code(&scene.github(&["review", &report])), 0, "the activity is behind the event");
}

#[test]
fn half_an_answer_is_none() {
    let errors = json!([{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}]);
    for errors in [errors, json!([{"message": "Something went wrong"}]), json!([{}])] {
        let (scene, report) = shown();
        scene.with(|world| {
            world.says("bob", "APPROVED");
            world.errors = errors;
        });
        let output = scene.github(&["review", &report]);
        assert_eq!((code(&output), scene.status().as_str()), (3, "pending"), "{}", said(&output));
    }
    let (scene, report) = shown();
    scene.with(|world| {
        world.says("bob", "APPROVED");
        world.reviews.push(Value::Null);
    });
    let output = scene.github(&["review", &report]);
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("left out a part"), "{}", said(&output));
}

#[test]
fn a_commit_that_comes_while_it_is_read_is_not_taken_for_the_old_one() {
    let (scene, report) = shown();
    scene.with(|world| {
        world.page = 1;
        world.says("bob", "APPROVED");
        world.says("zoe", "COMMENTED");
        world.next_head = Some("c0ffee0000000000000000000000000000000002".to_owned());
    });
    let output = scene.github(&["review", &report]);
    assert_eq!(code(&output), 3);
    assert!(said(&output).contains("another commit while it was read"), "{}", said(&output));
}

#[test]
fn a_run_that_is_late_does_not_write_over_what_is_newer() {
    let (scene, report) = shown();
    let old = std::fs::read(scene.file("event.json")).unwrap();
    scene.with(|world| {
        world.head = "c0ffee0000000000000000000000000000000002".to_owned();
        let head = world.head.clone();
        world.activity.push((head.clone(), "ann".to_owned()));
        world.commits.push(commit(&head, &[("Ann", "ann@example.com", Some("ann"))]));
    });
    scene.event("synchronize", "ann");
    scene.github(&["review", &report]);
    let newer = scene.bodies();
    scene.with(|world| world.says("bob", "APPROVED"));
    std::fs::write(scene.file("event.json"), old).unwrap();
    let block = scene.report(BLOCK, "block.json");
    let output = scene.github(&["review", &block]);
    assert_eq!(code(&output), 1);
    assert!(said(&output).contains("newer commit"), "{}", said(&output));
    assert_eq!(scene.bodies(), newer);
    assert_eq!(
        scene.world.lock().unwrap().statuses.last().unwrap()["sha"],
        json!("c0ffee0000000000000000000000000000000001")
    );
    scene.event("submitted", "bob");
    assert_eq!(code(&scene.github(&["review", &report])), 0);
}

#[test]
fn the_token_goes_where_it_was_meant_to_and_nowhere_else() {
    let (other, elsewhere) = server::start(World::new());
    for (method, path) in [("POST", "/graphql"), ("PATCH", "/comments/"), ("POST", "/statuses/"), ("GET", "/pulls/7")] {
        let (scene, report) = shown();
        let headers: &'static str = Box::leak(format!("Location: {other}/stolen\r\n").into_boxed_str());
        scene.with(|world| world.faults.push(Fault { method, path, status: 302, headers, done: false }));
        assert_ne!(code(&scene.github(&["review", &report])), 0);
    }
    assert!(elsewhere.lock().unwrap().log.is_empty(), "a request is answered by whom it was sent to");
    // Nor does it go over a line that somebody may listen to.
    let (scene, report) = shown();
    for (name, value) in [
        ("GITHUB_API_URL", "http://git.example.com/api/v3"),
        ("GITHUB_GRAPHQL_URL", "http://git.example.com/api/graphql"),
        ("GITHUB_TOKEN", "two\nlines"),
    ] {
        let output = scene.program().args(["github", "review", &report]).env(name, value).output().unwrap();
        assert_ne!(code(&output), 0, "{name}");
        assert!(!said(&output).contains("two"), "{}", said(&output));
    }
    // What a shell adds to the end of a token is not part of it.
    let output =
        scene.program().args(["github", "comment", &report]).env("GITHUB_TOKEN", format!("{TOKEN}\n")).output();
    assert_eq!(code(&output.unwrap()), 0);
    assert_eq!(scene.world.lock().unwrap().log.last().unwrap().2, format!("Bearer {TOKEN}"));
}

#[test]
fn an_api_with_a_path_is_asked_there() {
    let (scene, report) = shown();
    let address = format!("{}/api/v3", scene.address);
    scene.program().args(["github", "review", &report]).env("GITHUB_API_URL", &address).output().unwrap();
    let world = scene.world.lock().unwrap();
    assert!(world.log.iter().any(|(_, path, _)| path == "/api/graphql"));
    assert!(world.log.iter().any(|(_, path, _)| path.starts_with("/api/v3/repos/acme/infra/")));
}

#[test]
fn comments_of_two_ids_stay_apart_and_one_of_each_is_kept() {
    let scene = Scene::new();
    let report = scene.report(REVIEW, "review.json");
    for id in ["a\nb", "a --> b", "<!-- x", "-", "ü"] {
        scene.github(&["comment", &report, "--comment-id", id]);
        scene.github(&["comment", &report, "--comment-id", id]);
    }
    assert_eq!(scene.bodies().len(), 5);
    // Of two that say they are the same the first is kept, and the other is left alone.
    scene.with(|world| {
        let (created, body) = (world.now(), world.comments[0].body.clone());
        world.comments.push(Comment {
            id: 50,
            author: "github-actions[bot]",
            editor: None,
            created,
            edited: None,
            body,
        });
    });
    let block = scene.report(BLOCK, "block.json");
    let second = scene.bodies()[5].clone();
    scene.github(&["comment", &block, "--comment-id", "a\nb"]);
    assert_eq!((scene.bodies().len(), &scene.bodies()[5]), (6, &second));
}

#[test]
fn a_place_where_nobody_may_comment_is_no_failure() {
    for status in [403, 410, 422] {
        let scene = Scene::new();
        let report = scene.report(REVIEW, "review.json");
        scene.with(|world| {
            for _ in 0..3 {
                world.faults.push(Fault { method: "POST", path: "/comments", status, headers: "", done: false });
            }
        });
        let output = scene.github(&["comment", &report]);
        assert_eq!((code(&output), scene.bodies().len()), (0, 0), "{status}: {}", said(&output));
        assert!(said(&output).contains("::notice") || said(&output).contains("::warning"), "{}", said(&output));
    }
}

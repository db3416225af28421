use super::{Declared, Module, Sources, Tree, is_source, manifest, normal};

fn read(files: &[(&str, &str)]) -> Sources {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Sources::read(&Tree { files, ..Tree::default() })
}

fn root(sources: &Sources) -> &Module {
    sources.root().unwrap()
}

/// The references of a block, as `attribute: reference`.
fn references(declared: &Declared) -> Vec<String> {
    let all = declared.expressions.iter().flat_map(|expression| {
        expression.references.iter().map(|reference| format!("{}: {reference}", expression.attribute))
    });
    all.collect()
}

fn of_attribute(expression: &str) -> Vec<String> {
    let sources = read(&[("main.tf", &format!("resource \"a\" \"b\" {{\n  x = {expression}\n}}\n"))]);
    assert_eq!(sources.problems(), [], "{expression}");
    references(&root(&sources).resources[0]).into_iter().map(|text| text.replace("x: ", "")).collect()
}

#[test]
fn references_are_written_as_a_plan_writes_them() {
    for (expression, expected) in [
        ("aws_vpc.main.id", &["aws_vpc.main.id"] as &[_]),
        ("aws_subnet.a[each.key].id", &["aws_subnet.a", "each.key"]),
        ("aws_subnet.a[\"x.y\"].id", &["aws_subnet.a[\"x.y\"].id"]),
        ("aws_subnet.a[\"say \\\"hi\\\"\"].id", &["aws_subnet.a[\"say \\\"hi\\\"\"].id"]),
        ("aws_subnet.a[0].id", &["aws_subnet.a[0].id"]),
        ("aws_subnet.a.0.id", &["aws_subnet.a[0].id"]),
        ("aws_subnet.a[*].id", &["aws_subnet.a"]),
        ("aws_subnet.a.*.id", &["aws_subnet.a"]),
        ("aws_subnet.a[count.index + 1].id", &["aws_subnet.a", "count.index"]),
        ("aws_subnet.a[local.names[var.i]].id", &["aws_subnet.a", "local.names", "var.i"]),
        ("\"x-${aws_vpc.main.id}-y\"", &["aws_vpc.main.id"]),
        ("\"%{ if var.on }${aws_a.b.c}%{ else }${aws_d.e.f}%{ endif }\"", &["aws_a.b.c", "aws_d.e.f", "var.on"]),
        ("\"%{ for n in aws_a.b }${n.id}%{ endfor }\"", &["aws_a.b"]),
        ("<<-EOT\n  ${aws_vpc.main.id}\n  EOT", &["aws_vpc.main.id"]),
        ("var.on ? aws_a.b.id : module.m.out", &["aws_a.b.id", "module.m.out", "var.on"]),
        ("merge(local.a, { (local.k) = aws_a.b.id, k = !var.x })", &["aws_a.b.id", "local.a", "local.k", "var.x"]),
        ("[for s in aws_subnet.a : s.id if s.zone == var.zone]", &["aws_subnet.a", "var.zone"]),
        ("{ for k, v in module.m : k => v.id... if k != each.value }", &["each.value", "module.m"]),
        ("[for a in aws_x.y : [for b in a.list : aws_z[b.k].v]]", &["aws_x.y"]),
        ("jsonencode({ a = (data.aws_ami.x.id) })", &["data.aws_ami.x.id"]),
        ("provider::acme::f(aws_a.b.id)", &["aws_a.b.id"]),
        ("-aws_a.b.n + 1 > 2 && true", &["aws_a.b.n"]),
        ("$${not.one}", &[]),
        ("self", &[]),
    ] {
        let expression = if expression.starts_with("$$") { format!("\"{expression}\"") } else { expression.to_owned() };
        assert_eq!(of_attribute(&expression), expected, "{expression}");
    }
}

/// A million steps took minutes where each step copied those before it; now the test takes less than a second.
#[test]
fn a_long_traversal_costs_its_length() {
    let sources = read(&[("main.tf", &format!("output \"o\" {{\n  value = a.b{}\n}}\n", "[0]".repeat(400_000)))]);
    assert_eq!(sources.problems(), []);
}

#[test]
fn a_file_that_is_far_too_long_is_a_problem_and_the_others_are_read() {
    let long = "# long\n".repeat(700_000);
    let sources = read(&[("long.tf", &long), ("long.tf.json", &long), ("main.tf", "variable \"v\" {}\n")]);
    let problems: Vec<_> =
        sources.problems().iter().map(|p| format!("{}:{} {}", p.place.file, p.place.line, p.what)).collect();
    let said = "is longer than 4194304 bytes and was not read";
    assert_eq!(problems, [format!("long.tf:1 {said}"), format!("long.tf.json:1 {said}")]);
    assert!(!sources.is_empty());
}

const NATIVE: &str = r#"
resource "aws_instance" "web" {
  for_each = local.names

  provider  = aws.west
  subnet_id = var.subnet

  dynamic "disk" {
    for_each = aws_disk.d
    iterator = one

    content {
      id = one.value.id
      of = disk.value
      by = aws_key.k.arn

      dynamic "part" {
        for_each = one.value.parts
        content {
          key = [part.value, aws_key.part.arn]
        }
      }
    }
  }

  network {
    group = aws_group.g.id
  }

  lifecycle {
    prevent_destroy       = true
    create_before_destroy = true
    ignore_changes        = [tags["a"], user_data]
    replace_triggered_by  = [aws_key.k.id, null_resource.n[each.key]]

    precondition {
      condition     = aws_check.c.ok
      error_message = "no"
    }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "rm -rf /"
    interpreter = ["bash", "-c"]
  }

  provisioner "remote-exec" {
    inline = ["a", "b"]
  }

  provisioner "remote-exec" {
    script = aws_script.s.path
  }

  provisioner "local-exec" {
    command = "echo ${aws_db.d.name}"
  }

  depends_on = [aws_role.r, module.m]
}
"#;

#[test]
fn everything_in_a_resource_is_read() {
    let sources = read(&[("main.tf", NATIVE)]);
    assert_eq!(sources.problems(), []);
    let web = &root(&sources).resources[0];
    assert_eq!((web.name.as_str(), web.place.as_ref().unwrap().line), ("aws_instance.web", 2));
    assert_eq!(
        references(web),
        [
            "for_each: local.names",
            "subnet_id: var.subnet",
            "disk: aws_disk.d",
            "disk: disk.value",
            "disk: aws_key.k.arn",
            "disk: aws_key.part.arn",
            "network: aws_group.g.id",
            "replace_triggered_by: aws_key.k.id",
            "replace_triggered_by: each.key",
            "replace_triggered_by: null_resource.n",
            "lifecycle: aws_check.c.ok",
            "provisioner: aws_script.s.path",
            "provisioner: aws_db.d.name",
        ]
    );
    assert_eq!(web.depends_on, ["aws_role.r", "module.m"]);
    let lifecycle = &web.lifecycle;
    assert!(lifecycle.prevent_destroy && lifecycle.create_before_destroy);
    assert_eq!(*lifecycle.ignore_changes, ["tags[\"a\"]".to_owned(), "user_data".to_owned()]);
    let lines = ["for_each", "subnet_id", "disk", "network", "lifecycle", "depends_on"];
    assert_eq!(lines.map(|name| web.attributes[name].line), [3, 6, 8, 26, 30, 60]);
    let provisioners: Vec<_> = web.provisioners.iter().map(|one| (one.commands.clone(), one.runs_file)).collect();
    let text = |lines: &[&str]| Some(lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
    assert_eq!(provisioners, [(text(&["rm -rf /"]), false), (text(&["a", "b"]), false), (None, true), (None, false)]);
    assert_eq!(web.provisioners[0].interpreter, ["bash", "-c"]);
}

#[test]
fn the_json_syntax_says_the_same() {
    let json = r#"{
  "resource": {"aws_instance": {"web": [{
    "for_each": "${local.names}",
    "provider": "aws.west",
    "subnet_id": "${var.subnet[\"a\"]}",
    "dynamic": {"disk": {
      "for_each": "${aws_disk.d}",
      "iterator": "one",
      "content": {"id": "${one.value.id}", "by": "x-${aws_key.k.arn}"}
    }},
    "network": {"//": "a comment ${not.one}", "group": "${aws_group.g.id}"},
    "lifecycle": {
      "prevent_destroy": true,
      "ignore_changes": ["user_data"],
      "replace_triggered_by": ["aws_key.k"]
    },
    "provisioner": [{"local-exec": {"command": "rm -rf /"}}],
    "depends_on": ["aws_role.r"]
  }]}},
  "locals": [{"a": "${aws_vpc.main.id}"}, {"o": {"k": "${aws_k.k.id}"}}],
  "moved": {"from": "aws_a.b", "to": "aws_c.d"},
  "removed": [{"from": "aws_e.f", "lifecycle": {"destroy": false}}],
  "module": {"m": {"source": "./m", "x": "${local.a}"}},
  "provider": {"aws": [{"alias": "west", "region": "${local.region}"}]},
  "terraform": {"required_version": ">= 1"}
}"#;
    let sources = read(&[("main.tf.json", json)]);
    assert_eq!(sources.problems(), []);
    let module = root(&sources);
    let web = &module.resources[0];
    assert_eq!(
        references(web),
        [
            "for_each: local.names",
            "subnet_id: var.subnet[\"a\"]",
            "disk: aws_disk.d",
            "disk: aws_key.k.arn",
            "network: aws_group.g.id",
            "network: not.one",
            "replace_triggered_by: aws_key.k",
        ]
    );
    assert_eq!(web.depends_on, ["aws_role.r"]);
    assert!(web.lifecycle.prevent_destroy);
    assert_eq!(*web.lifecycle.ignore_changes, ["user_data".to_owned()]);
    assert_eq!(web.provisioners[0].commands.as_deref(), Some(&["rm -rf /".to_owned()][..]));
    assert_eq!(["subnet_id", "disk", "lifecycle"].map(|name| web.attributes[name].line), [5, 6, 12]);
    let locals: Vec<(&str, Vec<String>)> =
        module.locals.iter().map(|local| (local.name.as_str(), references(local))).collect();
    let all = |text: &str| vec![text.to_owned()];
    assert_eq!(
        locals,
        [("local.a", all(": aws_vpc.main.id")), ("local.o", all(": aws_k.k.id")), ("local.o.k", all(": aws_k.k.id"))]
    );
    assert_eq!((module.moved[0].0.as_str(), module.moved[0].1.as_str()), ("aws_a.b", "aws_c.d"));
    assert_eq!((module.removed[0].0.as_str(), module.removed[0].1), ("aws_e.f", false));
    assert_eq!((module.calls[0].local(), module.providers[0].name.as_str()), (Some("./m"), "aws.west"));
}

#[test]
fn a_file_that_cannot_be_read_loses_no_other() {
    let good = "resource \"a\" \"b\" {\n}\n";
    for (name, bad, line) in [
        ("bad.tf", "resource \"a\" \"c\" {\n  x = = 1\n}\n", 2),
        ("bad.tf", "a {\n  b = <<E\n", 2),
        ("bad.tf.json", "{\n  \"resource\": [}\n", 2),
        ("bad.tf.json", "{\"resource\": {\"a\": {\"c\": {\n  \"x\": \"${a.\"}}}}\n", 2),
        ("bad.tofu", "\u{0}", 1),
    ] {
        let sources = read(&[("main.tf", good), (name, bad)]);
        assert_eq!(root(&sources).resources.len(), 1);
        let problem = &sources.problems()[0];
        assert_eq!((&*problem.place.file, problem.place.line), (name, line), "{bad}");
    }
}

/// A parser that calls itself for each bracket would bring the program down.
#[test]
fn what_is_nested_without_end_is_a_problem_and_no_crash() {
    for open in ["(", "[", "{a=", "f(", "\"${", "x ? ", "!", "-", "1+", "x[", "[for x in y : ", "{(", "%{ if a }"] {
        let sources = read(&[("main.tf", &format!("locals {{\n  a = {}\n}}\n", open.repeat(100_000)))]);
        assert_eq!(sources.problems().len(), 1, "{open}");
    }
    let blocks = format!("{}{}", "a {\n".repeat(100_000), "}\n".repeat(100_000));
    assert_eq!(read(&[("main.tf", &blocks)]).problems().len(), 1);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let inner = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let text = format!("{{\"locals\":{{\"a\":{inner}}}}}");
        assert_eq!(read(&[("main.tf.json", &text)]).problems().len(), 1, "{open}");
    }
    let template = format!("{{\"locals\":{{\"a\":\"{}\"}}}}", "${[".repeat(100_000));
    assert_eq!(read(&[("main.tf.json", &template)]).problems().len(), 1);
}

#[test]
fn overriding_files_take_the_place_of_arguments() {
    let sources = read(&[
        (
            "main.tf",
            "resource \"a\" \"b\" {\n  x = aws_old.x.id\n  y = aws_y.y.id\n  part {\n    z = aws_old.z.id\n  }\n  lifecycle {\n    prevent_destroy = true\n  }\n}\nlocals {\n  a = aws_old.a.id\n  b = aws_b.b.id\n}\n",
        ),
        (
            "x_override.tf",
            "resource \"a\" \"b\" {\n  x = aws_new.x.id\n  dynamic \"part\" {\n    for_each = aws_new.z\n    content {}\n  }\n  lifecycle {\n    create_before_destroy = true\n  }\n}\nlocals {\n  a = aws_new.a.id\n}\n",
        ),
        ("override.tf.json", "{\"resource\": {\"a\": {\"b\": {\"w\": \"${aws_new.w.id}\"}}}}"),
    ]);
    let module = root(&sources);
    let block = &module.resources[0];
    assert_eq!(module.resources.len(), 1);
    let mut found = references(block);
    found.sort();
    assert_eq!(found, ["part: aws_new.z", "w: aws_new.w.id", "x: aws_new.x.id", "y: aws_y.y.id"]);
    assert!(block.lifecycle.prevent_destroy && block.lifecycle.create_before_destroy);
    assert_eq!(&*block.attributes["x"].file, "x_override.tf");
    let locals: Vec<String> = module.locals.iter().flat_map(references).collect();
    assert_eq!(locals, [": aws_b.b.id", ": aws_new.a.id"]);
}

#[test]
fn modules_are_found_by_manifest_and_by_path() {
    let mut tree = Tree::default();
    for (name, text) in [
        (
            "main.tf",
            "module \"a\" {\n  source = \"./modules/a/\"\n}\nmodule \"far\" {\n  source = \"acme/far/aws\"\n}\n",
        ),
        ("modules/a/main.tf", "module \"up\" {\n  source = \"../../../shared\"\n}\n"),
        (".terraform/modules/far/main.tf", "module \"in\" {\n  source = \"./in\"\n}\n"),
    ] {
        tree.files.insert(name.to_owned(), text.to_owned());
    }
    let text = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"far","Dir":".terraform/modules/far"}]}"#;
    tree.modules = manifest(text).unwrap();
    let sources = Sources::read(&tree);
    let called = |key: &str, name: &str| {
        let call = root(&sources).calls.iter().find(|call| call.block.name == name).unwrap();
        sources.called(key, root(&sources), call).map(|module| module.folder.as_str())
    };
    assert_eq!(called("a", "a"), Some("modules/a"));
    assert_eq!(called("far", "far"), Some(".terraform/modules/far"));
    assert_eq!(sources.missing(), ["../shared", ".terraform/modules/far/in"]);
    assert_eq!(normal("./a/../b//c/."), "b/c");
    assert_eq!(normal("/x/../../y"), "/../y");
    assert_eq!(manifest("[]"), None);
}

#[test]
fn only_the_files_of_a_module_are_read() {
    for name in ["main.tf", "a.tf.json", "a.tofu", "a.tofu.json"] {
        assert!(is_source(name), "{name}");
    }
    for name in [".tf", ".main.tf", "main.tf~", "#main.tf#", "main.tfvars", "main.tf.bak", "passwd", ".tf.json"] {
        assert!(!is_source(name), "{name}");
    }
    // OpenTofu takes its own file where both are there.
    let sources = read(&[("main.tf", "resource \"a\" \"b\" {}\n"), ("main.tofu", "resource \"a\" \"c\" {}\n")]);
    assert_eq!(root(&sources).resources[0].name, "a.c");
}

#[test]
fn marks_and_line_ends_of_other_systems_are_no_problem() {
    let sources = read(&[("main.tf", "\u{feff}# x\r\nresource \"a\" \"b\" {\r\n  x = aws_x.y.id\r\n}\r\n")]);
    let block = &root(&sources).resources[0];
    assert_eq!((block.place.as_ref().unwrap().line, block.attributes["x"].line), (2, 3));
}

#[test]
fn places_are_told_from_the_root_of_the_repository() {
    let file = |name: &str| (name.to_owned(), "variable \"v\" {}\n".to_owned());
    let files = ["main.tf", "../../modules/net/main.tf", ".terraform/modules/x/main.tf", "../../../out/main.tf"];
    let tree = Tree { at: "envs/prod".to_owned(), files: files.map(file).into(), ..Tree::default() };
    let sources = Sources::read(&tree);
    let mut places: Vec<&str> =
        sources.all().flat_map(|module| &module.variables).map(|v| &*v.place.as_ref().unwrap().file).collect();
    places.sort_unstable();
    let expected =
        ["../out/main.tf", "envs/prod/.terraform/modules/x/main.tf", "envs/prod/main.tf", "modules/net/main.tf"];
    assert_eq!(places, expected);
    assert_eq!(root(&sources).folder, "", "what belongs together does not change");
}

#[test]
fn nested_attributes_are_found_by_their_paths() {
    let sources = read(&[(
        "main.tf",
        "resource \"a\" \"b\" {\n  disk {\n    size = 1\n  }\n  disk {\n    size = 2\n    part {\n      key = 3\n    }\n  }\n  \
         dynamic \"port\" {\n    for_each = [1]\n    content {\n      number = 4\n    }\n  }\n  tags = {\n    x = 1\n  }\n}\n",
    )]);
    let block = &root(&sources).resources[0];
    let written = crate::plan::Written { attributes: block.attributes.clone(), ..crate::plan::Written::default() };
    for (path, line) in [
        ("disk", 2),
        ("disk.0.size", 3),
        ("disk.1.size", 6),
        ("disk.1.part.0.key", 8),
        ("disk.1.part.0.more", 7),
        ("port.7.number", 14),
        ("port.7.other", 11),
        ("tags.x", 17),
    ] {
        assert_eq!(written.attribute(path).map(|place| place.line), Some(line), "{path}");
    }
    assert_eq!(written.attribute("other"), None);
    assert_eq!(["disk", "port", "tags"].map(|name| written.has_blocks(name)), [true, true, false]);
}

/// Of files that the tool reads by itself the last one counts; of those that are named on the command line, the one that
/// fits.
#[test]
fn the_value_of_a_variable_is_found_where_it_is_given() {
    let sources = read(&[
        ("main.tf", "variable \"cidr\" {}\n"),
        ("terraform.tfvars", "# first\ncidr = \"a\"\nsize = 3\nlist = [1]\n"),
        ("z.auto.tfvars.json", "{\n  \"//\": \"c\",\n  \"cidr\": \"b\"\n}\n"),
        ("b.auto.tfvars", "cidr = \"z\"\n"),
        ("prod.tfvars", "\n\ncidr = \"prod\"\n"),
        ("env/stage.tfvars", "cidr = \"stage\"\n"),
        ("env/other.tfvars", "cidr = \"twice\"\n"),
        ("env/another.tfvars", "cidr = \"twice\"\n"),
        ("env/z.auto.tfvars", "size = 5\n"),
        ("broken.tfvars", "size = \n"),
        ("broken.auto.tfvars.json", "{"),
    ]);
    let given = |variable, value: Option<&str>| {
        let place = sources.given(variable, |literal| Some(literal == value?));
        place.map(|place| format!("{}:{}", place.file, place.line))
    };
    assert_eq!(given("cidr", Some("b")).unwrap(), "z.auto.tfvars.json:3");
    assert_eq!(given("cidr", None).unwrap(), "z.auto.tfvars.json:3", "nobody says what it is");
    assert_eq!(given("cidr", Some("prod")).unwrap(), "prod.tfvars:3");
    assert_eq!(given("cidr", Some("stage")).unwrap(), "env/stage.tfvars:1");
    assert_eq!(given("cidr", Some("twice")), None, "it may be either");
    assert_eq!(given("cidr", Some("a")), None, "what is overridden is not where it is set");
    assert_eq!(given("size", Some("3")).unwrap(), "terraform.tfvars:3");
    assert_eq!(given("size", Some("5")).unwrap(), "env/z.auto.tfvars:1", "it is read where it is named");
    assert_eq!(given("list", None).unwrap(), "terraform.tfvars:4");
    assert_eq!(given("other", None), None);
    assert_eq!(sources.problems(), []);
}

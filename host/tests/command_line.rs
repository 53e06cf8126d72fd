//! The binary as a shell sees it: arguments in; stdout, stderr and an exit code out.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

#[path = "command_line/stock.rs"]
mod stock;

/// A folder to run `bestand` in, without config and variables of the one who runs the tests.
struct Shell(TempDir);

/// What a command did.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Shell {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with_config(text: &str) -> Self {
        let shell = Self::new();
        fs::write(shell.folder().join("bestand.toml"), text).unwrap();
        shell
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    /// With a connection `Shop` and its source `Hamburg`, where three mugs lie.
    fn with_stock() -> Self {
        let shell = Self::new();
        let path = shell.folder().join("data/bestand.db");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(stock::put(&format!("sqlite:{}", path.display())));
        shell
    }

    fn run(&self, line: &str) -> Ran {
        self.run_with(line, &[])
    }

    fn run_with(&self, line: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bestand"));
        command
            .env_clear()
            .current_dir(self.folder())
            .args(line.split_whitespace());
        Ran::from(command.envs(variables.iter().copied()).output().unwrap())
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.run(line).expect(0).stdout).unwrap()
    }
}

impl Ran {
    fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[test]
fn help_and_version_go_to_stdout_and_are_no_failure() {
    let shell = Shell::new();
    let help = shell.run("--help").expect(0).stdout;
    assert!(
        help.contains("Exit codes:") && help.contains("check-config"),
        "{help}"
    );
    assert!(
        shell
            .run("--version")
            .expect(0)
            .stdout
            .starts_with("bestand ")
    );
}

#[test]
fn what_cannot_be_understood_is_misuse() {
    let shell = Shell::new();
    for line in [
        "",
        "nonsense",
        "key",
        "key create --name a --role boss",
        "key create --name a --role partner",
    ] {
        let ran = shell.run(line).expect(64);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{line}");
    }
}

#[test]
fn a_wrong_config_is_misuse_for_every_command_and_names_each_line() {
    let shell = Shell::with_config("[server]\nlisen = 1\n[log]\nformat = \"jsno\"\n");
    for line in [
        "check-config",
        "account list",
        "key list",
        "plugin list",
        "reload",
    ] {
        let ran = shell.run(line).expect(64);
        assert_eq!(
            ran.stderr,
            "error: bestand.toml:2: `server.lisen` is unknown; did you mean `listen`?\n\
             bestand.toml:4: `log.format` must be `text` or `json`; did you mean `json`?\n",
            "{line}"
        );
    }
}

#[test]
fn check_config_answers_scripts_and_people() {
    let shell = Shell::with_config(
        "[[connection]]\nname = \"A\"\nadapter = \"a\"\nsecrets.key = { env = \"UNSET\" }\n",
    );
    let wrong = shell.run("check-config --json").expect(64);
    let answer: Value = serde_json::from_str(&wrong.stdout).unwrap();
    assert_eq!(
        (&answer["ok"], &answer["problems"][0]["line"]),
        (&false.into(), &4.into()),
        "{answer}"
    );
    let right = shell
        .run_with("check-config", &[("UNSET", "hunter2")])
        .expect(0);
    assert!(
        right
            .stdout
            .starts_with("bestand.toml is good: listens on 127.0.0.1:7070"),
        "{}",
        right.stdout
    );
    let schema: Value =
        serde_json::from_str(&shell.run("check-config --schema").expect(0).stdout).unwrap();
    assert_eq!(
        schema["properties"]["server"]["properties"]["listen"]["format"],
        "socket-address"
    );
}

#[test]
fn the_config_file_can_be_named_by_argument_and_by_variable() {
    let shell = Shell::new();
    fs::write(shell.folder().join("other.toml"), "nonsense = 1").unwrap();
    assert!(
        shell
            .run("check-config --config other.toml")
            .expect(64)
            .stderr
            .contains("other.toml:1")
    );
    assert!(
        shell
            .run_with("check-config", &[("BESTAND_CONFIG", "other.toml")])
            .expect(64)
            .stderr
            .contains("other.toml:1")
    );
    assert!(
        shell
            .run("check-config --config missing.toml")
            .expect(64)
            .stderr
            .contains("cannot read the config file")
    );
    shell.run("check-config").expect(0);
}

#[test]
fn accounts_are_added_once_and_the_first_is_always_there() {
    let shell = Shell::new();
    let added = shell.json("account add acme --json");
    assert_eq!(added["name"], "acme");
    let list = shell.json("account list --json");
    let names: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["default", "acme"]);
    let again = shell.run("account add acme").expect(1);
    assert_eq!(
        again.stderr,
        "error: there is already an account named `acme`\n"
    );
}

#[test]
fn a_key_is_made_shown_once_renewed_and_revoked() {
    let shell = Shell::new();
    let made = shell.json("key create --name shop --role reader --json");
    let (key, secret) = (
        made["key"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert!(
        key.starts_with("bk_") && secret.starts_with("bs_"),
        "{made}"
    );
    let listed = shell.run("key list --json").expect(0).stdout;
    assert!(listed.contains(key) && !listed.contains(secret), "{listed}");
    let renewed = shell.json(&format!("key regenerate {key} --json"));
    assert_eq!(
        (&renewed["key"], renewed["secret"] == made["secret"]),
        (&made["key"], false)
    );
    assert!(!shell.json(&format!("key revoke {key} --json"))["revoked_at"].is_null());
    shell.run(&format!("key regenerate {key}")).expect(1);
}

#[test]
fn keys_of_one_account_are_not_seen_in_another() {
    let shell = Shell::new();
    shell.run("account add acme").expect(0);
    let made = shell.json("key create --name shop --role admin --account acme --json");
    assert_eq!(shell.json("key list --json"), serde_json::json!([]));
    assert_eq!(
        shell.json("key list --account acme --json")[0]["id"],
        made["id"]
    );
    let refused = shell
        .run(&format!("key revoke {}", made["id"].as_str().unwrap()))
        .expect(1);
    assert!(
        refused.stderr.contains("account `default` has no key"),
        "{}",
        refused.stderr
    );
    shell.run("key list --account nobody").expect(1);
}

#[test]
fn lists_are_tab_separated_where_nobody_looks_at_them() {
    let shell = Shell::new();
    shell
        .run("key create --name shop --role partner --partner Acme")
        .expect(0);
    let list = shell.run("key list").expect(0).stdout;
    let rows: Vec<Vec<_>> = list
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(rows[0], ["KEY", "NAME", "ROLE", "LAST USED", "STATE"]);
    assert_eq!(rows[1][1..], ["shop", "partner Acme", "-", "good"]);
}

#[test]
fn plugins_that_cannot_be_used_are_listed_with_the_reason() {
    let shell = Shell::with_config("[plugins]\nallow_unsigned = true\n");
    assert!(
        shell
            .run("plugin list")
            .expect(1)
            .stderr
            .contains("cannot read the plugin directory `plugins`")
    );
    fs::create_dir(shell.folder().join("plugins")).unwrap();
    fs::write(shell.folder().join("plugins/broken.so"), "not a library").unwrap();
    let list = shell.json("plugin list --json");
    assert_eq!(
        (&list[0]["state"], &list[0]["file"]),
        (&"refused".into(), &"plugins/broken.so".into())
    );
    assert!(
        list[0]["reason"]
            .as_str()
            .unwrap()
            .contains("cannot open plugin"),
        "{list}"
    );
}

#[test]
fn a_reload_without_a_daemon_says_so() {
    let ran = Shell::new().run("reload").expect(1);
    assert_eq!(
        ran.stderr,
        "error: no daemon is running here: `data/bestand.pid` is not held by any\n"
    );
}

#[test]
fn orders_are_imported_with_every_refused_line_told() {
    let shell = Shell::new();
    let file = shell.folder().join("orders.csv");
    fs::write(&file, "No,Code,Qty\n1,A,2\n1,B,x\n2,A,-1\n").unwrap();
    let line = "import orders orders.csv --map order_number=No,sku=Code --map quantity=Qty";
    let ran = shell.run(line).expect(2);
    assert!(
        ran.stdout.starts_with(
            "imported 2 orders (2 new, 0 replaced) from 3 lines: 1 of goods, 1 of other"
        )
    );
    assert!(
        ran.stderr
            .contains("line 3: quantity: `x` is not a decimal number: 1,B,x"),
        "{}",
        ran.stderr
    );
    let again: Value =
        serde_json::from_str(&shell.run(&format!("{line} --json")).expect(2).stdout).unwrap();
    assert_eq!(
        (&again["created"], &again["replaced"], &again["refused"]),
        (&0.into(), &2.into(), &1.into())
    );
    let reported = shell.run(&format!("{line} --report refused.csv")).expect(2);
    assert!(
        reported
            .stderr
            .contains("1 refused lines are in `refused.csv`"),
        "{}",
        reported.stderr
    );
    let report = fs::read_to_string(shell.folder().join("refused.csv")).unwrap();
    assert_eq!(
        report,
        "line,field,reason,text\n3,quantity,`x` is not a decimal number,\"1,B,x\"\n"
    );
}

#[test]
fn an_import_that_cannot_start_says_what_is_missing() {
    let shell = Shell::new();
    fs::write(shell.folder().join("orders.csv"), "No,Code,Qty\n1,A,2\n").unwrap();
    fs::write(shell.folder().join("orders"), "").unwrap();
    let check = |line: &str, code: i32, expected: &str| {
        let ran = shell.run(line).expect(code);
        assert!(ran.stderr.contains(expected), "{line}: {}", ran.stderr);
    };
    check("import orders orders.csv", 64, "no column `order_number`");
    check(
        "import orders orders.csv --map nonsense",
        64,
        "`--map`: `nonsense` is no mapping",
    );
    check(
        "import orders orders",
        64,
        "add `--format csv`, `ndjson` or `json`",
    );
    check(
        "import orders missing.csv",
        1,
        "cannot read `missing.csv`: No such file",
    );
    check(
        "import stock orders.csv --map sku=Code,on_hand=Qty",
        64,
        "the lines name no source; add `--source`",
    );
    check(
        "import stock orders.csv --source x",
        64,
        "the file has no column `sku`",
    );
    check(
        "export stock --source x",
        64,
        "there is no source `x`; there are: none yet",
    );
}

#[test]
fn real_orders_are_imported_whole() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("BESTAND_DATA").map_or(beside, Into::into);
    let file = data.join("online-retail-orders.csv");
    if !file.exists() {
        println!("skipped: `{}` is not there", file.display());
        return;
    }
    let line = "import orders --map order_number=InvoiceNo,sku=StockCode,quantity=Quantity --json";
    let imported = Shell::new().json(&format!("{line} {}", file.display()));
    assert_eq!(
        (&imported["lines"], &imported["refused"]),
        (&10_000.into(), &0.into()),
        "{imported}"
    );
    assert_eq!(
        (&imported["orders"], &imported["created"]),
        (&512.into(), &512.into()),
        "{imported}"
    );
}

#[test]
fn a_history_without_changes_is_a_heading_and_an_empty_list() {
    let shell = Shell::new();
    let heading = "WHEN\tSOURCE\tSKU\tBEFORE\tAFTER\tCAUSE\tWHO\n";
    assert_eq!(shell.run("history MUG").expect(0).stdout, heading);
    assert_eq!(shell.json("history --json"), serde_json::json!([]));
    let csv = shell.run("history --csv").expect(0).stdout;
    assert!(csv.starts_with("changed_at,source_id,source,sku,cause,"));
    assert_eq!(csv.lines().count(), 1);
    let refused = shell.run("history --cause magic").expect(64).stderr;
    assert!(refused.contains("sync, change, live"), "{refused}");
    shell.run("history --source nowhere").expect(64);
}

#[test]
fn without_drift_there_is_a_heading_and_an_empty_list() {
    let shell = Shell::new();
    let ran = shell.run("drift").expect(0);
    assert!(ran.stdout.starts_with("LISTING\tSOURCE\tBEGAN\t"));
    assert_eq!(shell.json("drift --json"), serde_json::json!([]));
    let csv = shell.run("drift --csv").expect(0).stdout;
    assert!(csv.starts_with("sync_id,source_id,source,started_at,"));
    let unknown = "drift --run 019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90";
    let refused = shell.run(unknown).expect(64).stderr;
    assert!(refused.contains("`bestand drift` lists"), "{refused}");
}

#[test]
fn what_nobody_spoke_of_is_explained_as_such() {
    let shell = Shell::new();
    let ran = shell.run("explain MUG").expect(0);
    assert!(
        ran.stderr
            .contains("no source was ever heard to speak of `MUG`"),
        "{}",
        ran.stderr
    );
    assert_eq!(shell.json("explain MUG --json"), serde_json::json!([]));
}

#[test]
fn an_export_without_levels_is_a_heading_in_both_places() {
    let shell = Shell::new();
    let heading =
        "source_id,source,sku,tracking,available,on_hand,allocated,incoming,as_of,absent\n";
    assert_eq!(shell.run("export stock").expect(0).stdout, heading);
    shell.run("export stock --output levels.csv").expect(0);
    assert_eq!(
        fs::read_to_string(shell.folder().join("levels.csv")).unwrap(),
        heading
    );
    assert!(!shell.folder().join("levels.csv.part").exists());
    assert_eq!(
        shell.run("export stock --format ndjson").expect(0).stdout,
        ""
    );
}

#[test]
fn low_stock_thresholds_are_set_listed_and_removed() {
    let shell = Shell::new();
    let csv = shell.run("low-stock --csv").expect(0).stdout;
    assert!(csv.starts_with("sku,source_id,source,available,"), "{csv}");
    assert_eq!(shell.json("low-stock --json"), serde_json::json!([]));
    shell.run("low-stock threshold set 5").expect(0);
    shell.run("low-stock threshold set 2.5 --sku MUG").expect(0);
    shell.run("low-stock threshold set 3 --sku MUG").expect(0);
    let listed = shell.run("low-stock threshold list").expect(0).stdout;
    assert_eq!(
        listed,
        "SKU\tSOURCE\tTHRESHOLD\n(all)\t(all)\t5\nMUG\t(all)\t3\n"
    );
    shell.run("low-stock threshold remove").expect(0);
    let gone = shell.run("low-stock threshold remove").expect(64).stderr;
    assert!(
        gone.contains("`bestand low-stock threshold list`"),
        "{gone}"
    );
    let nowhere = shell.run("low-stock --source Mars").expect(64).stderr;
    assert!(nowhere.contains("there is no source `Mars`"), "{nowhere}");
    let negative = shell.run("low-stock threshold set -1").expect(64).stderr;
    assert!(negative.contains("not below zero"), "{negative}");
}

#[test]
fn what_is_low_is_listed_with_its_source() {
    let shell = Shell::with_stock();
    shell.run("low-stock threshold set 2").expect(0);
    assert_eq!(shell.json("low-stock --json"), serde_json::json!([]));
    shell
        .run("low-stock threshold set 3 --source Hamburg")
        .expect(0);
    let low = shell.json("low-stock --source Hamburg --json");
    let mug = &low.as_array().unwrap()[0];
    assert_eq!(
        (&mug["sku"], &mug["source"]),
        (&"MUG".into(), &"Hamburg".into())
    );
    assert_eq!(mug["threshold_for"], "source");
    let csv = shell.run("low-stock --csv").expect(0).stdout;
    assert!(
        csv.lines().nth(1).unwrap().contains(",Hamburg,3,3,source,"),
        "{csv}"
    );
    let listed = shell.run("low-stock threshold list").expect(0).stdout;
    assert!(listed.contains("(all)\tHamburg\t3"), "{listed}");
}

#[test]
fn a_drift_threshold_is_set_of_a_source_or_of_all_of_a_connection() {
    let shell = Shell::with_stock();
    let set = shell.run("drift threshold Hamburg 2.5% 500").expect(0);
    assert_eq!(set.stdout, "SOURCE\tPERCENT\tLEVELS\nHamburg\t2.5\t500\n");
    let read = shell.run("drift threshold Shop").expect(0).stdout;
    assert_eq!(read, set.stdout, "without a value nothing is changed");
    let none = shell.run("drift threshold Shop none").expect(0).stdout;
    assert!(none.contains("Hamburg\t-\t-"), "{none}");
    shell.run("drift").expect(0);
}

#[test]
fn a_drift_threshold_is_set_for_something_that_there_is() {
    let shell = Shell::new();
    let nothing = shell.run("drift threshold Mars 2%").expect(64).stderr;
    assert!(
        nothing.contains("no connection and no source `Mars`"),
        "{nothing}"
    );
    let wrong = shell.run("drift threshold Mars 200%").expect(64).stderr;
    assert!(wrong.contains("at most 100%"), "{wrong}");
    shell.run("drift threshold Mars many").expect(64);
}

//! The server: it answers what the protocol asks, and has workers do the work.

use std::borrow::Cow;
use std::io;
use std::num::NonZero;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, CustomRequest, CustomResult, ErrorCode,
    ErrorData, Implementation, ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ServerCapabilities,
    ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer, ServerInitializeError};
use rmcp::{ServerHandler, ServiceExt as _};
use tokio::sync::{Notify, Semaphore};

use super::stdio::Stdio;
use super::worker;
use crate::cli::process::{self, Bounds, Fault};
use crate::mcp::{self, Answer, Asked, Told};

/// So many workers at most run at once, however many processors there are: each may take much memory.
const WORKERS: usize = 4;
/// So many bytes an answer of a worker may have.
const ANSWER: usize = 4 << 20;
/// How often progress is told.
const BEAT: Duration = Duration::from_secs(1);
/// How long calls may go on after the client has closed its end.
const GRACE: Duration = Duration::from_millis(1500);

/// Serves standard input and output until the client is done; an error says why that cannot be.
pub(super) fn serve(show_timeout: u64) -> Result<(), String> {
    let failed = |error: io::Error| format!("the server cannot run: {error}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(failed)?;
    let server = Server::new(worker::time(show_timeout)).map_err(failed)?;
    runtime.block_on(talk(server))
}

async fn talk(server: Server) -> Result<(), String> {
    let ended = Arc::new(Notify::new());
    let running = match server.serve(Stdio::new(Arc::clone(&ended))).await {
        Ok(running) => running,
        // A client that comes and goes has asked for nothing.
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(format!("the client does not speak the protocol: {error}")),
    };
    let all = running.cancellation_token();
    let mut waiting = std::pin::pin!(running.waiting());
    let gone = async {
        ended.notified().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        _ = &mut waiting => return Ok(()),
        () = gone => all.cancel(),
    }
    let _ = waiting.await;
    Ok(())
}

struct Server {
    workers: Arc<Semaphore>,
    time: Duration,
    program: std::path::PathBuf,
}

impl Server {
    fn new(time: Duration) -> io::Result<Self> {
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(WORKERS);
        Ok(Self { workers: Arc::new(Semaphore::new(workers)), time, program: std::env::current_exe()? })
    }

    /// This program again, as a worker, with all that the server was told.
    fn worker(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(std::env::args_os().skip(1)).arg("--worker");
        command
    }

    /// Has a worker answer, as soon as one is free.
    async fn work(&self, asked: &Asked, context: &RequestContext<RoleServer>) -> Answer {
        let started = AtomicBool::new(false);
        let stop = Stop(Arc::default());
        let work = async {
            let Ok(turn) = Arc::clone(&self.workers).acquire_owned().await else { return failed(&Fault::Stopped) };
            started.store(true, Ordering::Relaxed);
            let call = serde_json::to_vec(asked).unwrap_or_default();
            let bounds = Bounds { time: self.time, bytes: ANSWER, own_group: true, stop: Some(Arc::clone(&stop.0)) };
            let worker = self.worker();
            let done = tokio::task::spawn_blocking(move || {
                // Its turn is over when it is gone, whoever waits for it.
                let _turn = turn;
                process::run(worker, Some(call), &bounds)
            });
            match done.await {
                Ok(Ok(done)) => answer(&done),
                Ok(Err(fault)) => failed(&fault),
                Err(_) => failed(&Fault::Stopped),
            }
        };
        tokio::select! {
            biased;
            () = context.ct.cancelled() => failed(&Fault::Stopped),
            answer = work => answer,
            () = progress(context, &started) => failed(&Fault::Stopped),
        }
    }
}

/// Ends a worker when nobody waits for it any more.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Tells a client that asked for it how long the work has gone on. Never ends.
async fn progress(context: &RequestContext<RoleServer>, started: &AtomicBool) {
    let Some(token) = context.meta.get_progress_token() else { return std::future::pending().await };
    let mut beat = tokio::time::interval(BEAT);
    let mut seconds = 0_u32;
    loop {
        beat.tick().await;
        seconds = seconds.saturating_add(1);
        let message = if started.load(Ordering::Relaxed) { "reading and judging" } else { "waiting for its turn" };
        let told = ProgressNotificationParam::new(token.clone(), f64::from(seconds)).with_message(message);
        // A client that takes none is answered all the same.
        let _ = context.peer.notify_progress(told).await;
    }
}

/// What a worker printed, if that is one whole answer.
fn answer(done: &process::Finished) -> Answer {
    let answer = done.status.success().then(|| serde_json::from_slice(&done.stdout).ok()).flatten();
    answer.unwrap_or_else(|| failed(&Fault::Broken(io::Error::other(format!("it ended with {}", done.status)))))
}

fn failed(fault: &Fault) -> Answer {
    let what = match fault {
        Fault::Broken(error) => format!("the worker that reads the plan failed: {error}"),
        Fault::Late => "it took too long: a saved plan may have as long as the server's --show-timeout says".to_owned(),
        Fault::Stopped => "it was cancelled".to_owned(),
        Fault::TooMuch => "the worker printed more than an answer".to_owned(),
        Fault::Held => "the worker left something running".to_owned(),
    };
    mcp::refused(&format!("{what}. Judge the plan with `blastgate check`, which says more."))
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let own = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
            .with_title("blastgate")
            .with_description(env!("CARGO_PKG_DESCRIPTION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(own)
            .with_instructions(mcp::INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(mcp::TOOLS.iter().map(shown).collect()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        mcp::tool(name).map(shown)
    }

    async fn call_tool(
        &self,
        call: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = mcp::tool(&call.name) else {
            let names: Vec<&str> = mcp::TOOLS.iter().map(|tool| tool.name).collect();
            return Err(ErrorData::invalid_params(format!("there is no such tool, only {}", names.join(", ")), None));
        };
        let answer = match (tool.read)(call.arguments.unwrap_or_default()) {
            Ok(asked) => self.work(&asked, &context).await,
            Err(wrong) => mcp::refused(&wrong),
        };
        Ok(result(answer).into())
    }

    /// What fits no request of the protocol: a method that there is not, or a call that is none.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        Err(match request.method.as_str() {
            "tools/call" => ErrorData::invalid_params("give the tool's name, and its arguments as an object", None),
            _ => ErrorData::new(ErrorCode::METHOD_NOT_FOUND, request.method, None),
        })
    }
}

fn result(answer: Answer) -> CallToolResult {
    match answer {
        Answer::Told(Told { structured, text }) => {
            let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
            result.structured_content = Some(structured);
            result
        }
        Answer::Refused(text) => CallToolResult::error(vec![ContentBlock::text(text)]),
    }
}

/// A tool as the protocol shows it.
fn shown(tool: &mcp::Tool) -> Tool {
    let reads =
        ToolAnnotations::with_title(tool.title).read_only(true).destructive(false).idempotent(true).open_world(false);
    let mut shown = Tool::new(tool.name, Cow::Borrowed(tool.about), (tool.input)());
    shown.title = Some(tool.title.to_owned());
    shown.output_schema = Some(Arc::new((tool.output)()));
    shown.annotations = Some(reads);
    shown
}

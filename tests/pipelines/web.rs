//! A server on the loopback that hands out what it was given, by path.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// What was asked for: path and authorization.
pub type Log = Arc<Mutex<Vec<(String, String)>>>;

/// Starts it; returns its address.
pub fn start(files: BTreeMap<String, Vec<u8>>) -> (String, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let log = Log::default();
    let shared = Arc::clone(&log);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let lines: Vec<String> = BufReader::new(stream.try_clone().unwrap())
                .lines()
                .map_while(Result::ok)
                .take_while(|line| !line.is_empty())
                .collect();
            let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
            let named =
                lines.iter().find_map(|line| line.to_lowercase().strip_prefix("authorization: ").map(str::to_owned));
            let (status, body) = files.get(&path).map_or((404, &[][..]), |file| (200, file));
            shared.lock().unwrap().push((path, named.unwrap_or_default()));
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), body].concat());
        }
    });
    (address, log)
}

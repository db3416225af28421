resource "google_pubsub_topic" "events" {
  # In place of count, of count.index and of the list.
  for_each = toset(["carts", "orders", "returns"])
  name     = each.key
}
moved {
  from = google_pubsub_topic.events[0]
  to   = google_pubsub_topic.events["orders"]
}
moved {
  from = google_pubsub_topic.events[1]
  to   = google_pubsub_topic.events["returns"]
}

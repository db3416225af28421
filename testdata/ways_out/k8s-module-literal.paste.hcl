# in module.orders
resource "kubernetes_stateful_set" "this" {
  service_name = "orders"
}

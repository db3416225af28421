resource "kubernetes_persistent_volume_claim_v1" "data" {
  metadata {
    name = "orders"
  }
}

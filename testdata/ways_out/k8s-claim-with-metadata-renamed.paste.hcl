moved {
  from = kubernetes_persistent_volume_claim_v1.cache
  to   = kubernetes_persistent_volume_claim_v1.sessions
}
moved {
  from = kubernetes_persistent_volume_claim_v1.data
  to   = kubernetes_persistent_volume_claim_v1.orders
}

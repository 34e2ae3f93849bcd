// Package osdi is the wire vocabulary shared by the gateway, its upstream client and the built-in helper: the
// JSON shapes of the record outreach helper (https://actionnetwork.org/docs/v2/record_outreach_helper) and of the
// resources around it. It does no I/O and knows nothing of either side.
package osdi

// MediaType is the content type of every answer.
const MediaType = "application/hal+json"

// TokenHeader carries the API key of a group.
const TokenHeader = "OSDI-API-Token"

// NativeSystem is the system name in front of identifiers that the server itself minted.
const NativeSystem = "action_network"

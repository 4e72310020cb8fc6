"""Statements about import jobs. A job belongs to the process that holds its lease, until the lease runs out."""

from typing import Final

CREATE: Final = """
MATCH (g:Graph {name: $job.graph}) SET g.lock = 1 REMOVE g.lock
WITH g, COLLECT { MATCH (o:ImportJob) WHERE o.state IN ['queued', 'running'] AND o.graph = $job.graph
  AND o.source = $job.source RETURN o.id } AS others
FOREACH (_ IN CASE WHEN size(others) = 0 THEN [1] ELSE [] END | CREATE (j:ImportJob) SET j = $job)
RETURN others
"""
"""A new job, unless one of the same graph and source is under way. Parameter: job, a map of properties."""

GET: Final = "MATCH (j:ImportJob {id: $id}) RETURN properties(j) AS job"

PAGE: Final = """
MATCH (j:ImportJob) WHERE j.graph IN $graphs AND j.graph IN $auth
WITH j ORDER BY j.created_at DESC, j.id LIMIT $first RETURN collect(properties(j)) AS jobs
"""

ANY_DUE: Final = """
MATCH (j:ImportJob) WHERE j.state IN ['queued', 'running'] AND j.lease_until < $now
AND any(root IN $roots WHERE j.path = root OR j.path STARTS WITH root + '/') RETURN true LIMIT 1
"""

CLAIM: Final = """
MATCH (j:ImportJob) WHERE j.state IN ['queued', 'running'] AND j.lease_until < $now
AND any(root IN $roots WHERE j.path = root OR j.path STARTS WITH root + '/')
WITH j ORDER BY j.created_at LIMIT 1
SET j.lock = 1 REMOVE j.lock
WITH j WHERE j.state IN ['queued', 'running'] AND j.lease_until < $now
SET j.state = 'running', j.phase = 'listing', j.holder = $holder, j.lease_until = $until, j.updated_at = $at,
  j.started_at = coalesce(j.started_at, $at), j.version = j.version + 1
RETURN properties(j) AS job
"""
"""The oldest job below some roots that nobody works on. Parameters: holder, roots, now and until (epoch
milliseconds), at."""

NOTE: Final = """
MATCH (j:ImportJob {id: $id}) SET j.lock = 1 REMOVE j.lock
WITH j WHERE j.state = 'running' AND j.holder = $holder
SET j += $changes, j.lease_until = $until, j.updated_at = $at,
  j.version = j.version + CASE WHEN size(keys($changes)) = 0 THEN 0 ELSE 1 END
RETURN j.cancelling AS cancelling
"""
"""Progress, or only a longer lease. No row: somebody else has the job. Parameters: id, holder, changes, until, at."""

CANCEL: Final = """
MATCH (j:ImportJob {id: $id}) SET j.lock = 1 REMOVE j.lock
SET j += CASE j.state
  WHEN 'queued' THEN {state: 'cancelled', phase: 'over', cancelling: true, finished_at: $at}
  WHEN 'running' THEN {cancelling: true} ELSE {} END,
  j.version = j.version + 1, j.updated_at = $at
RETURN properties(j) AS job
"""

PRUNE: Final = """
MATCH (j:ImportJob) WHERE NOT j.state IN ['queued', 'running'] AND j.finished_at < $before DELETE j
RETURN count(j) AS gone
"""

"""The declared model of what Neo4j holds: labels, properties, relations and their ends, as neomodel classes.

The hot paths speak Cypher; these classes say what that Cypher may store. A test proves that the migrations make
exactly the constraints that are declared here, that indexes are on declared properties, and that whatever the
write paths store fits. Import this module only where it is needed: neomodel takes a third of a second to load.
"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from neomodel import (
    ArrayProperty,
    AsyncRelationshipFrom,
    AsyncRelationshipTo,
    AsyncStructuredNode,
    AsyncStructuredRel,
    AsyncZeroOrMore,
    AsyncZeroOrOne,
    BooleanProperty,
    FloatProperty,
    IntegerProperty,
    StringProperty,
)
from neomodel.properties import Property

from stratumiops.graph.models import RelationType

Key = tuple[str, ...]

VECTORS: Final = re.compile(r"[a-z][a-z0-9_]*_vector_[0-9]+")
"""Properties of chunks that hold vectors, one for each model generation: their names are made as models come."""


class BytesProperty(Property[bytes]):
    """Bytes, as they are."""

    def inflate(self, value: Any, rethrow: bool = True) -> bytes:
        """From what is stored."""
        return bytes(value)

    def deflate(self, value: Any, rethrow: bool = True) -> bytes:
        """To what is stored."""
        return bytes(value)


class Holds(AsyncStructuredRel):
    """A relation of knowledge that holds; instants are text in the stored form, `path` and `line` where it stands."""

    weight = FloatProperty(required=True)
    origin = StringProperty(required=True)
    valid_from = StringProperty(required=True)
    recorded_at = StringProperty(required=True)
    created_by = StringProperty(required=True)
    path = StringProperty()
    line = IntegerProperty()


class Held(Holds):
    """A relation of knowledge that has ended; `ended_by` is an actor, or `delete:<rev>:<id>` of a deleted end."""

    valid_to = StringProperty(required=True)
    ended_by = StringProperty(required=True)


class Uses(AsyncStructuredRel):
    """A node uses a secret: all of it, or the part that `key` names ('': all)."""

    key = StringProperty(required=True)
    created_at = StringProperty(required=True)
    created_by = StringProperty(required=True)


class Inherits(AsyncStructuredRel):
    """A graph takes part in what another one knows."""

    priority = IntegerProperty(required=True)


class Declared(AsyncStructuredNode):
    """A label of the store. `unique` are the sets of properties that no two nodes share."""

    __abstract_node__ = True
    unique: ClassVar[tuple[Key, ...]] = ()
    loose: ClassVar[frozenset[str]] = frozenset()
    """Relations whose other end has any of several labels, so that neomodel's definition names only one."""


class State(Declared):
    """What nodes, tombstones and revisions have in common."""

    __abstract_node__ = True

    uid = StringProperty(required=True, db_property="id")
    graph = StringProperty(required=True)
    type = StringProperty(required=True)
    title = StringProperty(required=True)
    content = StringProperty(required=True)
    tags = ArrayProperty(StringProperty(), required=True)
    aliases = ArrayProperty(StringProperty())
    status = StringProperty()
    date = StringProperty()
    metadata = StringProperty(required=True)
    path = StringProperty()
    created_at = StringProperty(required=True)
    updated_at = StringProperty(required=True)
    created_by = StringProperty(required=True)
    updated_by = StringProperty(required=True)
    rev = IntegerProperty(required=True)
    status_raw = StringProperty()
    deciders = ArrayProperty(StringProperty())
    priority = IntegerProperty()
    topic = StringProperty()
    overrides = ArrayProperty(StringProperty())
    project = StringProperty()
    task_type = StringProperty()
    agent_id = StringProperty()
    duration_ms = IntegerProperty()
    tokens_used = IntegerProperty()
    cost_cents = FloatProperty()


class Revision(State):
    """A state of a node that is over."""

    valid_from = StringProperty(required=True)
    valid_to = StringProperty(required=True)
    change = StringProperty(required=True, choices={"updated": "updated", "deleted": "deleted"})


class Known(State):
    """A node of knowledge, live or deleted, with what was."""

    __abstract_node__ = True

    embedding = ArrayProperty(FloatProperty())
    revisions = AsyncRelationshipTo("Revision", "HAS_REVISION", cardinality=AsyncZeroOrMore)
    document = AsyncRelationshipTo("Document", "FROM_DOCUMENT", cardinality=AsyncZeroOrOne)
    uses_secret = AsyncRelationshipTo("Secret", "USES_SECRET", cardinality=AsyncZeroOrMore, model=Uses)

    was_relates_to = AsyncRelationshipTo("KnowledgeNode", RelationType.RELATES_TO.ended, model=Held)
    was_depends_on = AsyncRelationshipTo("KnowledgeNode", RelationType.DEPENDS_ON.ended, model=Held)
    was_implements = AsyncRelationshipTo("KnowledgeNode", RelationType.IMPLEMENTS.ended, model=Held)
    was_extends = AsyncRelationshipTo("KnowledgeNode", RelationType.EXTENDS.ended, model=Held)
    was_supersedes = AsyncRelationshipTo("KnowledgeNode", RelationType.SUPERSEDES.ended, model=Held)
    was_explains = AsyncRelationshipTo("KnowledgeNode", RelationType.EXPLAINS.ended, model=Held)
    loose = frozenset(relation.ended for relation in RelationType)


class KnowledgeNode(Known):
    """A live node."""

    unique = (("graph", "id"),)

    contained_in = AsyncRelationshipFrom("Graph", "CONTAINS", cardinality=AsyncZeroOrOne)
    relates_to = AsyncRelationshipTo("KnowledgeNode", RelationType.RELATES_TO.name, model=Holds)
    depends_on = AsyncRelationshipTo("KnowledgeNode", RelationType.DEPENDS_ON.name, model=Holds)
    implements = AsyncRelationshipTo("KnowledgeNode", RelationType.IMPLEMENTS.name, model=Holds)
    extends = AsyncRelationshipTo("KnowledgeNode", RelationType.EXTENDS.name, model=Holds)
    supersedes = AsyncRelationshipTo("KnowledgeNode", RelationType.SUPERSEDES.name, model=Holds)
    explains = AsyncRelationshipTo("KnowledgeNode", RelationType.EXPLAINS.name, model=Holds)


class Note(KnowledgeNode):
    """Something worth keeping."""


class Decision(KnowledgeNode):
    """A decision and its reasons."""


class Guideline(KnowledgeNode):
    """A standard to follow."""


class Pattern(KnowledgeNode):
    """A solution that worked more than once."""


class Journal(KnowledgeNode):
    """What happened on a day."""


class Execution(KnowledgeNode):
    """A run of an agent."""


class Tombstone(Known):
    """A node that was deleted; its relations have ended."""

    unique = (("graph", "id"),)

    deleted_at = StringProperty(required=True)
    deleted_by = StringProperty(required=True)


class Graph(Declared):
    """A named graph."""

    unique = (("name",),)

    name = StringProperty(required=True)
    title = StringProperty(required=True)
    description = StringProperty(required=True)
    priority = IntegerProperty(required=True)
    created_at = StringProperty(required=True)
    updated_at = StringProperty(required=True)
    rev = IntegerProperty(required=True)
    contains = AsyncRelationshipTo("KnowledgeNode", "CONTAINS", cardinality=AsyncZeroOrMore)
    inherits = AsyncRelationshipTo("Graph", "INHERITS", model=Inherits)


class Document(Declared):
    """A file that nodes came from, and what a sync must remember of it.

    `hash` is that of the bytes that the file had when graph and file last agreed, or empty when it is agreed that
    there is no file; `bytes` are these bytes (zlib). `merged` (zlib) are the bytes that the file is to get, when
    both sides had changed and were merged. `node_rev` is the revision in which the node says what `merged`, else
    `bytes`, say.
    """

    unique = (("graph", "source", "path"),)

    graph = StringProperty(required=True)
    source = StringProperty(required=True)
    path = StringProperty(required=True)
    hash = StringProperty(required=True)
    size = IntegerProperty(required=True)
    format = StringProperty(required=True)
    encoding = StringProperty(required=True)
    imported_at = StringProperty(required=True)
    links = StringProperty(required=True)
    parser = IntegerProperty(required=True)
    incoming = BooleanProperty()
    layout = StringProperty()
    names = ArrayProperty(StringProperty())
    counts = StringProperty(required=True)
    refs = StringProperty()
    unresolved = StringProperty()
    bytes = BytesProperty()
    merged = BytesProperty()
    node_rev = IntegerProperty()
    problems = StringProperty()
    body_line = IntegerProperty()


class Block(Declared):
    """A part of a document that can be referred to; `id` is unique with the node."""

    unique = (("graph", "id", "node_id"),)
    loose: ClassVar[frozenset[str]] = frozenset({"PART_OF", "REFERS_TO"})

    uid = StringProperty(required=True, db_property="id")
    graph = StringProperty(required=True)
    node_id = StringProperty(required=True)
    path = StringProperty(required=True)
    order = IntegerProperty(required=True)
    depth = IntegerProperty(required=True)
    text = StringProperty(required=True)
    own = BooleanProperty()
    parent_id = StringProperty()
    marker = StringProperty()
    state = StringProperty()
    priority = StringProperty()
    scheduled = StringProperty()
    deadline = StringProperty()
    tags = ArrayProperty(StringProperty(), required=True)
    properties = StringProperty(required=True)
    facts = ArrayProperty(StringProperty(), required=True)
    start_line = IntegerProperty(required=True)
    end_line = IntegerProperty(required=True)
    imported_at = StringProperty(required=True)
    part_of = AsyncRelationshipTo("KnowledgeNode", "PART_OF", cardinality=AsyncZeroOrOne)
    child_of = AsyncRelationshipTo("Block", "CHILD_OF", cardinality=AsyncZeroOrOne)
    refers_to = AsyncRelationshipTo("Block", "REFERS_TO", cardinality=AsyncZeroOrMore)


class Conflict(Declared):
    """Changes of a file and of its node that exclude each other, until somebody decides.

    `kind` is content, deleted_file or deleted_node. The three sides are zlib, and missing where there is none.
    """

    unique = (("graph", "id"), ("graph", "source", "path"))

    uid = StringProperty(required=True, db_property="id")
    graph = StringProperty(required=True)
    source = StringProperty(required=True)
    path = StringProperty(required=True)
    kind = StringProperty(required=True)
    node = StringProperty(required=True)
    since = StringProperty(required=True)
    base_bytes = BytesProperty()
    file_bytes = BytesProperty()
    graph_bytes = BytesProperty()


class Chunk(Declared):
    """A part of a node's text with the vector that one model made of it.

    Each chunk belongs to one model generation, `index`; its vector is in the property that generation names,
    which is why it is not listed here (`VECTORS`).
    """

    unique = (("graph", "id"),)
    loose = frozenset({"CHUNK_OF"})

    uid = StringProperty(required=True, db_property="id")
    graph = StringProperty(required=True)
    type = StringProperty(required=True)
    index = StringProperty(required=True)
    rev = IntegerProperty(required=True)
    place = IntegerProperty(required=True)
    text = StringProperty(required=True)
    heading = ArrayProperty(StringProperty(), required=True)
    start_line = IntegerProperty(required=True)
    end_line = IntegerProperty(required=True)
    hash = StringProperty(required=True)
    chunk_of = AsyncRelationshipTo("KnowledgeNode", "CHUNK_OF")


class EmbeddingIndex(Declared):
    """A model generation: which model made which vectors, and where they are.

    `state`: serving (searches use it), building (it is being filled and takes over when it is whole) or retired
    (on its way out). `api_key` is a reference such as `env:NAME`, never a key.
    """

    unique = (("name",),)

    name = StringProperty(required=True)
    family = StringProperty(required=True)
    serial = IntegerProperty(required=True)
    provider = StringProperty(required=True)
    model = StringProperty(required=True)
    dimensions = IntegerProperty(required=True)
    property = StringProperty(required=True)
    state = StringProperty(required=True, choices={"serving": "serving", "building": "building", "retired": "retired"})
    chunk_tokens = IntegerProperty(required=True)
    chunk_overlap = IntegerProperty(required=True)
    url = StringProperty()
    api_key = StringProperty()
    created_at = StringProperty(required=True)


class EmbeddingLease(Declared):
    """Which process embeds; it lets go by itself at `held_until`, in epoch milliseconds."""

    unique = (("name",),)

    name = StringProperty(required=True)
    holder = StringProperty(required=True)
    held_until = IntegerProperty(required=True)


class TextProfile(Declared):
    """What was worked out of a node's text; of the node's revision `rev`, scanned for suggestions at `scanned_rev`."""

    unique = (("graph", "id"),)

    graph = StringProperty(required=True)
    uid = StringProperty(required=True, db_property="id")
    rev = IntegerProperty(required=True)
    version = IntegerProperty(required=True)
    title = StringProperty(required=True)
    names = ArrayProperty(StringProperty(), required=True)
    names_changed = BooleanProperty(required=True)
    hashes = ArrayProperty(IntegerProperty())
    bands = ArrayProperty(IntegerProperty())
    markers = ArrayProperty(IntegerProperty())
    scanned_rev = IntegerProperty()
    extracted_rev = IntegerProperty()
    profile_of = AsyncRelationshipTo("KnowledgeNode", "PROFILE_OF", cardinality=AsyncZeroOrOne)


class Suggestion(Declared):
    """A relation or a tag that a person may accept. `source` and `target` are ids of nodes of its graph."""

    unique = (("graph", "id"),)

    graph = StringProperty(required=True)
    uid = StringProperty(required=True, db_property="id")
    kind = StringProperty(required=True)
    source = StringProperty(required=True)
    target = StringProperty()
    relation = StringProperty()
    tag = StringProperty()
    score = FloatProperty(required=True)
    why = StringProperty(required=True)
    quote = StringProperty()
    state = StringProperty(required=True)
    created_at = StringProperty(required=True)
    updated_at = StringProperty(required=True)
    decided_at = StringProperty()
    decided_by = StringProperty()
    about = AsyncRelationshipTo("KnowledgeNode", "ABOUT")


class SavedView(Declared):
    """An address in the app under a name. The graph of one for all graphs is ''."""

    unique: ClassVar[tuple[Key, ...]] = (("id",), ("graph", "name"))

    uid = StringProperty(required=True, db_property="id")
    graph = StringProperty(required=True)
    name = StringProperty(required=True)
    address = StringProperty(required=True)
    created_at = StringProperty(required=True)
    created_by = StringProperty(required=True)
    updated_at = StringProperty(required=True)
    updated_by = StringProperty(required=True)
    rev = IntegerProperty(required=True)


class Secret(Declared):
    """Where a secret is in the vault, for as long as a node uses it, or did when it was deleted; never its value."""

    unique: ClassVar[tuple[Key, ...]] = (("id",),)

    uid = StringProperty(required=True, db_property="id")
    mount = StringProperty(required=True)
    path = StringProperty(required=True)


class VaultAudit(Declared):
    """A request to the vault, or its answer: its audit device `graph` writes them, and nobody else."""

    uid = StringProperty(required=True, db_property="id")
    device = StringProperty(required=True)
    seq = IntegerProperty(required=True)
    hash = StringProperty(required=True)
    prev = StringProperty()
    at = StringProperty(required=True)
    previous_at = StringProperty()
    kind = StringProperty(required=True)
    operation = StringProperty(required=True)
    path = StringProperty(required=True)
    namespace = StringProperty(required=True)
    request_id = StringProperty()
    mount = StringProperty()
    mount_type = StringProperty()
    remote_address = StringProperty()
    accessor = StringProperty()
    display_name = StringProperty()
    policies = ArrayProperty(StringProperty(), required=True)
    allowed = BooleanProperty(required=True)
    error = StringProperty()


class VaultAuditDevice(Declared):
    """A device of that kind, and how far it came."""

    unique: ClassVar[tuple[Key, ...]] = (("id",),)

    uid = StringProperty(required=True, db_property="id")
    path = StringProperty(required=True)
    owner = StringProperty(required=True)
    seq = IntegerProperty(required=True)
    hash = StringProperty(required=True)
    tried = IntegerProperty()


class ImportJob(Declared):
    """An import that the server does. `lease_until` is in epoch milliseconds: then another process takes it over."""

    unique: ClassVar[tuple[Key, ...]] = (("id",),)

    uid = StringProperty(required=True, db_property="id")
    graph = StringProperty(required=True)
    source = StringProperty(required=True)
    path = StringProperty(required=True)
    format = StringProperty(required=True)
    state = StringProperty(required=True)
    phase = StringProperty(required=True)
    actor = StringProperty(required=True)
    created_at = StringProperty(required=True)
    started_at = StringProperty()
    finished_at = StringProperty()
    updated_at = StringProperty(required=True)
    version = IntegerProperty(required=True)
    lease_until = IntegerProperty(required=True)
    holder = StringProperty()
    cancelling = BooleanProperty(required=True)
    files = IntegerProperty(required=True)
    done = IntegerProperty(required=True)
    created = IntegerProperty(required=True)
    updated = IntegerProperty(required=True)
    unchanged = IntegerProperty(required=True)
    failed = IntegerProperty(required=True)
    removed = IntegerProperty(required=True)
    relations = IntegerProperty(required=True)
    unresolved = IntegerProperty(required=True)
    problems = StringProperty(required=True)
    error = StringProperty()


class OutboxEvent(Declared):
    """A committed change; it has `seq` once it is numbered."""

    unique: ClassVar[tuple[Key, ...]] = (("id",),)

    uid = StringProperty(required=True, db_property="id")
    at = StringProperty(required=True)
    graph = StringProperty(required=True)
    op = StringProperty(required=True)
    ids = ArrayProperty(StringProperty(), required=True)
    types = ArrayProperty(StringProperty(), required=True)
    revs = ArrayProperty(IntegerProperty(), required=True)
    actor = StringProperty(required=True)
    seq = IntegerProperty()


class OutboxPending(OutboxEvent):
    """An event that has no number yet."""

    unique: ClassVar[tuple[Key, ...]] = ()


class OutboxCounter(Declared):
    """The last number given to an event."""

    unique = (("name",),)

    name = StringProperty(required=True)
    seq = IntegerProperty(required=True)


class Idempotency(Declared):
    """A change that was made under a key, and its result."""

    unique = (("principal", "key"),)

    principal = StringProperty(required=True)
    key = StringProperty(required=True)
    operation = StringProperty(required=True)
    input_hash = StringProperty(required=True)
    result = StringProperty(required=True)
    created_at = StringProperty(required=True)


class WriteGate(Declared):
    """What writers look at; shut while `held_until`, in epoch milliseconds, is in the future."""

    unique = (("name",),)

    name = StringProperty(required=True)
    held_until = IntegerProperty(required=True)
    holder = StringProperty()
    reason = StringProperty()


class SchemaVersion(Declared):
    """A migration that was applied."""

    unique = (("version",),)

    version = IntegerProperty(required=True)
    name = StringProperty(required=True)
    applied_at = StringProperty(required=True)


MARKS: Final = frozenset({"BlocksDue"})
"""Labels that nodes have beside those of their class, for as long as something is still to be done with them."""


def declared() -> dict[str, type[Declared]]:
    """The classes by label; abstract ones have none."""
    found: dict[str, type[Declared]] = {}
    pending: list[Any] = [Declared]
    while pending:
        each = pending.pop()
        pending += each.__subclasses__()
        if "__label__" in each.__dict__:  # neomodel gives one to every class that is not abstract
            found[each.__label__] = each
    return found


def properties(model: type[Declared]) -> dict[str, Any]:
    """The declared properties of a label by stored name, with those it inherits."""
    found = model.defined_properties(aliases=False, rels=False)
    return {kind.get_db_property_name(name): kind for name, kind in found.items()}


@dataclass(frozen=True, slots=True)
class RelationModel:
    """A declared relation: its properties by name, and the label of its other end."""

    properties: dict[str, Any]
    other: str


def relations(model: type[Declared]) -> dict[str, RelationModel]:
    """The declared relations that leave a label or reach it, by type."""
    found = {}
    for each in model.defined_properties(aliases=False, properties=False).values():
        each.lookup_node_class()
        carried = each.definition["model"]
        held = carried.defined_properties(aliases=False, rels=False) if carried else {}
        found[each.definition["relation_type"]] = RelationModel(held, each.definition["node_class"].__label__)
    return found

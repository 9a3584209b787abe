"""dist/network.graphml: network of actors, GraphML for Gephi and the like.

Of the two views that feed it the one with the columns source and target has the edges, the other, with id, the nodes;
all other columns become attributes. An edge whose `directed` is false stands for both directions.
"""

import io

import networkx

from ...package import Package


def build(package: Package) -> dict[str, bytes]:
    views = package.feeding("graphml").values()
    if not views:
        return {}
    graph = networkx.MultiDiGraph(name=package.name)
    edges = [row for view in views if "source" in view.field_names for row in view.records()]
    nodes = [row for view in views if "source" not in view.field_names for row in view.records()]
    for row in nodes:
        graph.add_node(row.pop("id"), **given(row))
    for number, row in enumerate(edges, 1):
        row["directed"] = "true" if row["directed"] else "false"  # networkx would write True, which XML does not know
        graph.add_edge(row.pop("source"), row.pop("target"), f"e{number}", **given(row))
    buffer = io.BytesIO()
    networkx.write_graphml_xml(graph, buffer)
    return {"dist/network.graphml": buffer.getvalue()}


def given(row: dict) -> dict:
    """The attributes that are there: GraphML has no empty value."""
    return {name: value for name, value in row.items() if value is not None}

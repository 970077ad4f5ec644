"""One scene as a Pascal VOC annotation."""

from __future__ import annotations

from xml.sax.saxutils import escape

from mmholdout.sample.scene import Part, Scene


def _object(part: Part) -> str:
    xmin, ymin, xmax, ymax = (value + 1 for value in part.box)  # VOC counts pixels from 1
    return (
        '  <object>\n'
        f'    <name>{escape(part.name)}</name>\n'
        '    <pose>Unspecified</pose>\n'
        f'    <truncated>{int(part.truncated)}</truncated>\n'
        f'    <difficult>{int(part.difficult)}</difficult>\n'
        '    <bndbox>\n'
        f'      <xmin>{xmin}</xmin>\n      <ymin>{ymin}</ymin>\n'
        f'      <xmax>{xmax}</xmax>\n      <ymax>{ymax}</ymax>\n'
        '    </bndbox>\n'
        '  </object>\n'
    )


def annotation_xml(file_name: str, scene: Scene) -> str:
    """The XML text of a scene whose image is stored as `file_name`."""
    height, width, depth = scene.image.shape
    return (
        '<annotation>\n'
        '  <folder>JPEGImages</folder>\n'
        f'  <filename>{escape(file_name)}</filename>\n'
        '  <source><database>mmholdout sample</database></source>\n'
        f'  <size><width>{width}</width><height>{height}</height><depth>{depth}</depth></size>\n'
        '  <segmented>0</segmented>\n' + ''.join(_object(part) for part in scene.parts)
    ) + '</annotation>\n'

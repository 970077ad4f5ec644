# SSD300 on Pascal VOC 07+12: ../ssd300_voc.py, under the name where the other detectors are.
#   python tools/train.py configs/ssd/ssd300_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. The paper's 77.2 is a VOC07 test mAP after training on
# `trainval`, twice these images.
_base_ = '../ssd300_voc.py'

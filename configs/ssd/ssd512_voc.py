# SSD512 on Pascal VOC 07+12: ../ssd512_voc.py, under the name where the other detectors are.
#   python tools/train.py configs/ssd/ssd512_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. The paper's 79.8 is a VOC07 test mAP after training on
# `trainval`, twice these images.
_base_ = '../ssd512_voc.py'
